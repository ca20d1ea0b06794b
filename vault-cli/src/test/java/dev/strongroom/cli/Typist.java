package dev.strongroom.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Somebody who answers prompts, and remembers what was asked and what became of the answers. */
final class Typist implements SecretInput {
  private final List<String> answers;
  private final List<String> prompts = new ArrayList<>();
  private final List<char[]> given = new ArrayList<>();

  Typist(List<String> answers) {
    this.answers = List.copyOf(answers);
  }

  @Override
  public boolean asks() {
    return true;
  }

  @Override
  public char @Nullable [] read(String prompt) {
    char[] answer = answers.get(prompts.size()).toCharArray();
    prompts.add(prompt);
    given.add(answer);
    return answer;
  }

  List<String> prompts() {
    return prompts;
  }

  List<char[]> given() {
    return given;
  }
}
