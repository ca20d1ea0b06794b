package dev.strongroom.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** The BOM has no parent, so that what it pins beside the modules is written twice. */
class BomTest {
  private static final XPath XPATH = XPathFactory.newInstance().newXPath();

  @Test
  void versions_ofTheBom_areThoseOfTheBuild() throws Exception {
    Document build = pom("pom.xml");
    Document bom = pom("vault-bom/pom.xml");

    assertThat(XPATH.evaluate("/project/version", bom))
        .isEqualTo(XPATH.evaluate("/project/version", build));
    assertThat(plugins(bom)).containsKeys("maven-deploy-plugin", "maven-install-plugin");
    assertThat(plugins(build)).containsAllEntriesOf(plugins(bom));
  }

  private static Map<String, String> plugins(Document pom) throws Exception {
    NodeList found =
        (NodeList) XPATH.evaluate("//pluginManagement/plugins/plugin", pom, XPathConstants.NODESET);
    Map<String, String> versions = new TreeMap<>();
    for (int i = 0; i < found.getLength(); i++) {
      versions.put(
          XPATH.evaluate("artifactId", found.item(i)), XPATH.evaluate("version", found.item(i)));
    }
    return versions;
  }

  private static Document pom(String file) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(Page.root().resolve(file).toFile());
  }
}
