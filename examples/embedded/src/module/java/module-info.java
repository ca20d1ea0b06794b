/** An application with secrets. */
module com.example.billing {
  requires dev.strongroom.kv;
  requires dev.strongroom.storage.sqlite;

  opens com.example.billing to
      dev.strongroom.kv; // it makes records of secrets
}
