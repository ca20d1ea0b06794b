path "secret/data/myapp" {
  capabilities = ["read"]
}

path "database/creds/myapp-db" {
  capabilities = ["read"]
}
