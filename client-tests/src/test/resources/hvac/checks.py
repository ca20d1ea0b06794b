"""What hvac does against the vault at VAULT_ADDR, which nobody has initialised."""

import json
import os
import traceback
from importlib.metadata import version

import hvac
from hvac import exceptions

ADDRESS = os.environ["VAULT_ADDR"]


def report(call, outcome, reason=""):
    line = {
        "client": "hvac",
        "version": version("hvac"),
        "call": call,
        "outcome": outcome,
        "reason": reason,
    }
    print(json.dumps(line), flush=True)


def checked(call, outcome, reason, check):
    try:
        check()
        report(call, outcome, reason)
    except Exception as failure:
        frames = traceback.extract_tb(failure.__traceback__)
        line = next(frame for frame in reversed(frames) if frame.filename == __file__)
        report(call, "failed", f"line {line.lineno}: {line.line}: {failure!r} {failure}")


def works(call):
    """Runs the check below: the client gets what it is made for."""
    return lambda check: checked(call, "works", "", check)


def differs(call, reason):
    """Runs the check below: the vault answers otherwise than the reference."""
    return lambda check: checked(call, "differs", reason, check)


def same(seen, expected):
    assert seen == expected, f"got {seen!r}, not {expected!r}"


def raises(kind, run, *texts):
    try:
        answer = run()
    except exceptions.VaultError as failure:
        assert type(failure) is kind, f"got {failure!r}, not {kind.__name__}"
        for text in texts:
            assert text in str(failure), f"{failure} has no {text!r}"
        return failure
    raise AssertionError(f"got {answer!r}, not {kind.__name__}")


def nothing(response):
    """204 without a body."""
    same(response.status_code, 204)
    same(response.content, b"")


client = hvac.Client(url=ADDRESS)
keys = []


def client_with(token):
    return hvac.Client(url=ADDRESS, token=token)


# Starting and sealing


@works("initialised?")
def _():
    same(client.sys.is_initialized(), False)
    same(client.sys.read_init_status(), {"initialized": False})


@works("health")
def _():
    health = client.sys.read_health_status(method="GET")
    same(health.status_code, 501)
    same(health.json()["initialized"], False)
    same(client.sys.read_health_status().status_code, 501)


@works("initialise")
def _():
    made = client.sys.initialize(secret_shares=5, secret_threshold=3)
    same(len(made["keys"]), 5)
    same(len(made["keys_base64"]), 5)
    keys.extend(made["keys"])
    client.token = made["root_token"]
    same(client.sys.is_initialized(), True)
    raises(exceptions.InvalidRequest, client.sys.initialize, "already initialized")


@works("seal status")
def _():
    same(client.sys.is_sealed(), True)
    status = client.sys.read_seal_status()
    same((status["t"], status["n"], status["progress"]), (3, 5, 0))
    same(client.seal_status["type"], "shamir")


@works("health")
def _():
    same(client.sys.read_health_status().status_code, 503)
    raises(exceptions.VaultDown, client.sys.list_auth_methods, "Vault is sealed")


@works("unseal, forget the shares given")
def _():
    same(client.sys.submit_unseal_key(keys[0])["progress"], 1)
    same(client.sys.submit_unseal_key(reset=True)["progress"], 0)


@works("unseal")
def _():
    same(client.sys.submit_unseal_key(keys[0])["progress"], 1)
    same(client.sys.submit_unseal_keys(keys[1:3])["sealed"], False)
    same(client.sys.is_sealed(), False)
    raises(exceptions.InvalidRequest, lambda: client.sys.submit_unseal_key("no key"))


@works("seal")
def _():
    nothing(client.sys.seal())
    same(client.sys.is_sealed(), True)
    same(client.sys.submit_unseal_keys(keys)["sealed"], False)


@works("health")
def _():
    health = client.sys.read_health_status(method="GET")
    same((health["initialized"], health["sealed"], health["standby"]), (True, False, False))
    head = client.sys.read_health_status()
    same((head.status_code, head.content), (200, b""))


@works("health, chosen status codes")
def _():
    same(client.sys.read_health_status(active_code=299, method="GET").status_code, 299)


@works("leader")
def _():
    same(client.sys.read_leader_status()["ha_enabled"], False)


@works("high-availability status")
def _():
    same(client.ha_status["ha_enabled"], False)


@differs("step down", "there is one node: 404, `docs/differences.md`")
def _():
    raises(exceptions.InvalidPath, client.sys.step_down)


# Keys of the vault


@works("key status")
def _():
    status = client.sys.get_encryption_key_status()
    same((status["term"], status["data"]["term"], client.key_status["term"]), (1, 1, 1))
    assert status["install_time"]


@works("rotate")
def _():
    nothing(client.sys.rotate_encryption_key())
    same(client.sys.get_encryption_key_status()["data"]["term"], 2)


@works("rekey status")
def _():
    status = client.sys.read_rekey_progress()
    same((status["started"], status["required"]), (False, 3))
    same(client.rekey_status["started"], False)


@works("rekey, give up")
def _():
    started = client.sys.start_rekey(secret_shares=3, secret_threshold=2)
    same((started["started"], started["n"], started["t"]), (True, 3, 2))
    same(client.sys.rekey(keys[0], started["nonce"])["progress"], 1)
    nothing(client.sys.cancel_rekey())
    same(client.sys.read_rekey_progress()["started"], False)


@works("rekey")
def _():
    nonce = client.sys.start_rekey(secret_shares=4, secret_threshold=2)["nonce"]
    raises(exceptions.InvalidRequest, lambda: client.sys.rekey(keys[0], "another"))
    made = client.sys.rekey_multi(keys[:3], nonce)
    same((made["complete"], len(made["keys"]), len(made["keys_base64"])), (True, 4, 4))
    keys[:] = made["keys"]
    client.sys.seal()
    same(client.sys.submit_unseal_keys(keys[:2])["sealed"], False)


@works("rekey with verification")
def _():
    started = client.sys.start_rekey(
        secret_shares=5, secret_threshold=3, require_verification=True
    )
    same(started["verification_required"], True)
    made = client.sys.rekey_multi(keys[:2], started["nonce"])
    same((made["complete"], made["verification_required"]), (True, True))
    progress = client.sys.read_rekey_verify_progress()
    same((progress["nonce"], progress["t"], progress["n"]), (made["verification_nonce"], 3, 5))
    client.sys.rekey_verify(made["keys"][0], made["verification_nonce"])
    client.sys.cancel_rekey_verify()
    again = client.sys.read_rekey_verify_progress()
    same(again["progress"], 0)
    ended = client.sys.rekey_verify_multi(made["keys"][:3], again["nonce"])
    same(ended["complete"], True)
    keys[:] = made["keys"]


@differs("rekey with PGP keys", "`pgp_keys` is refused: the JDK has no OpenPGP")
def _():
    raises(
        exceptions.InvalidRequest,
        lambda: client.sys.start_rekey(1, 1, pgp_keys=["a PGP key"], backup=True),
        "pgp_keys",
    )


@works("rekey, backup of PGP keys")
def _():
    raises(exceptions.InvalidRequest, client.sys.read_backup_keys)


@works("rekey of recovery keys")
def _():
    raises(exceptions.InvalidRequest, lambda: client.sys.read_rekey_progress(recovery_key=True))


@works("generate a root token, status")
def _():
    status = client.sys.read_root_generation_progress()
    same((status["started"], status["required"]), (False, 3))
    same(client.generate_root_status["complete"], False)


@works("generate a root token, give up")
def _():
    otp = "o" * client.sys.read_root_generation_progress()["otp_length"]
    same(client.sys.start_root_token_generation(otp=otp)["started"], True)
    nothing(client.sys.cancel_root_generation())
    same(client.sys.read_root_generation_progress()["started"], False)


@works("generate a root token")
def _():
    import base64

    otp = "k" * client.sys.read_root_generation_progress()["otp_length"]
    nonce = client.sys.start_root_token_generation(otp=otp)["nonce"]
    for key in keys[:3]:
        state = client.sys.generate_root(key, nonce)
    same((state["complete"], state["progress"]), (True, 3))
    encoded = state["encoded_root_token"]
    sealed_token = base64.b64decode(encoded + "=" * (-len(encoded) % 4))
    token = "".join(chr(a ^ ord(b)) for a, b in zip(sealed_token, otp))
    same(client_with(token).lookup_token()["data"]["policies"], ["root"])


@differs("generate a root token with a PGP key", "`pgp_key` is refused: the JDK has no OpenPGP")
def _():
    raises(
        exceptions.InvalidRequest,
        lambda: client.sys.start_root_token_generation(pgp_key="a PGP key"),
        "pgp_key",
    )


# Mounts


@works("mount")
def _():
    nothing(client.sys.enable_secrets_engine("kv", path="secret", options={"version": "1"}))
    nothing(
        client.sys.enable_secrets_engine(
            "kv",
            path="versioned",
            description="with versions",
            config={"default_lease_ttl": "1h", "max_lease_ttl": "2h"},
            options={"version": "2"},
        )
    )
    nothing(client.sys.enable_secrets_engine("leased"))
    raises(
        exceptions.InvalidRequest,
        lambda: client.sys.enable_secrets_engine("kv", path="secret"),
        "path is already in use",
    )
    raises(exceptions.InvalidRequest, lambda: client.sys.enable_secrets_engine("unknown"))


@works("mounts")
def _():
    answer = client.sys.list_mounted_secrets_engines()
    same(answer["data"]["versioned/"]["options"], {"version": "2"})
    same(answer["data"]["versioned/"]["config"]["default_lease_ttl"], 3600)
    same(answer["versioned/"]["type"], "kv")
    assert {"cubbyhole/", "identity/", "sys/", "secret/"} <= set(answer["data"])
    same(client.sys.retrieve_mount_option("versioned", "version"), "2")


@works("mount, settings")
def _():
    settings = client.sys.read_mount_configuration("versioned")["data"]
    same((settings["default_lease_ttl"], settings["max_lease_ttl"]), (3600, 7200))
    raises(exceptions.InvalidRequest, lambda: client.sys.read_mount_configuration("nowhere"))


@works("mount, tune")
def _():
    nothing(
        client.sys.tune_mount_configuration(
            "versioned",
            default_lease_ttl="30m",
            max_lease_ttl="3h",
            description="tuned",
            listing_visibility="unauth",
        )
    )
    settings = client.sys.read_mount_configuration("versioned")["data"]
    same((settings["default_lease_ttl"], settings["max_lease_ttl"]), (1800, 10800))
    same((settings["description"], settings["listing_visibility"]), ("tuned", "unauth"))


@works("mount, upgrade KV to version 2")
def _():
    client.sys.enable_secrets_engine("kv", path="grows", options={"version": "1"})
    client.secrets.kv.v1.create_or_update_secret("a", {"is": "kept"}, mount_point="grows")
    client.sys.tune_mount_configuration("grows", options={"version": "2"})
    same(client.sys.retrieve_mount_option("grows", "version"), "2")


@works("mount, move")
def _():
    client.sys.enable_secrets_engine("kv", path="here", options={"version": "1"})
    client.secrets.kv.v1.create_or_update_secret("a", {"is": "kept"}, mount_point="here")
    assert client.sys.move_backend("here", "there")["migration_id"]
    mounts = client.sys.list_mounted_secrets_engines()["data"]
    assert "there/" in mounts and "here/" not in mounts
    same(client.secrets.kv.v1.read_secret("a", mount_point="there")["data"], {"is": "kept"})


@works("unmount")
def _():
    nothing(client.sys.disable_secrets_engine("there"))
    assert "there/" not in client.sys.list_mounted_secrets_engines()["data"]


@works("unmount, nothing there")
def _():
    nothing(client.sys.disable_secrets_engine("there"))


# Auth methods


@works("auth method, enable")
def _():
    nothing(client.sys.enable_auth_method("userpass"))
    nothing(client.sys.enable_auth_method("approle", description="machines"))
    nothing(client.sys.enable_auth_method("userpass", path="people", config={"default_lease_ttl": "1h"}))
    raises(
        exceptions.InvalidRequest,
        lambda: client.sys.enable_auth_method("userpass"),
        "path is already in use",
    )
    raises(
        exceptions.InvalidRequest,
        lambda: client.sys.enable_auth_method("unknown"),
        "plugin not found in the catalog: unknown",
    )


@works("auth methods")
def _():
    answer = client.sys.list_auth_methods()
    same(answer["data"]["approle/"]["description"], "machines")
    same(answer["userpass/"]["type"], "userpass")
    assert answer["data"]["approle/"]["accessor"].startswith("auth_approle_")


@works("auth method, settings")
def _():
    same(client.sys.read_auth_method_tuning("people")["data"]["default_lease_ttl"], 3600)


@works("auth method, tune")
def _():
    nothing(client.sys.tune_auth_method("people", default_lease_ttl="20m", description="tuned"))
    same(client.sys.read_auth_method_tuning("people")["data"]["default_lease_ttl"], 1200)


@works("auth method, disable")
def _():
    nothing(client.sys.disable_auth_method("people"))
    assert "people/" not in client.sys.list_auth_methods()["data"]
    nothing(client.sys.disable_auth_method("people"))


# Policies

APP = 'path "secret/app/*" { capabilities = ["create", "read", "update", "delete", "list"] }'


@works("policy, write")
def _():
    client.sys.create_or_update_policy("app", APP)
    client.sys.create_or_update_policy(
        "json", {"path": {"secret/json": {"capabilities": ["read"]}}}
    )
    raises(exceptions.InvalidRequest, lambda: client.sys.create_or_update_policy("bad", "path {"))
    raises(exceptions.InvalidRequest, lambda: client.sys.create_or_update_policy("root", APP))


@differs("policy, name with capitals", "refused, not folded: what was authorised is the name as it stands")
def _():
    raises(exceptions.InvalidRequest, lambda: client.sys.create_or_update_policy("App", APP))


@works("policy, read")
def _():
    same(client.sys.read_policy("app")["data"]["rules"], APP)
    same(client.sys.read_policy("app")["rules"], APP)
    same(client.get_policy("app"), APP)
    raises(exceptions.InvalidPath, lambda: client.sys.read_policy("none"))


@works("policies")
def _():
    answer = client.sys.list_policies()
    for names in (answer["policies"], answer["data"]["policies"], answer["keys"]):
        assert {"app", "json", "default", "root"} <= set(names), names


@works("policy, delete")
def _():
    nothing(client.sys.delete_policy("json"))
    nothing(client.sys.delete_policy("json"))
    raises(exceptions.InvalidRequest, lambda: client.sys.delete_policy("default"))


@works("ACL policy, write")
def _():
    nothing(client.sys.create_or_update_acl_policy("acl", APP))


@works("ACL policy, read")
def _():
    data = client.sys.read_acl_policy("acl")["data"]
    same((data["name"], data["policy"]), ("acl", APP))
    raises(exceptions.InvalidPath, lambda: client.sys.read_acl_policy("none"))


@works("ACL policies")
def _():
    assert {"acl", "root"} <= set(client.sys.list_acl_policies()["data"]["keys"])


@works("ACL policy, delete")
def _():
    nothing(client.sys.delete_acl_policy("acl"))


@works("RGP and EGP policies")
def _():
    raises(exceptions.InvalidPath, client.sys.list_rgp_policies)
    raises(exceptions.InvalidPath, client.sys.list_egp_policies)


@works("capabilities")
def _():
    made = client.auth.token.create(policies=["app"])["auth"]
    answer = client.sys.get_capabilities(["secret/app/a"], token=made["client_token"])
    same(answer["data"]["secret/app/a"], ["create", "delete", "list", "read", "update"])
    same(answer["capabilities"], answer["data"]["capabilities"])
    by_accessor = client.sys.get_capabilities(["other", "secret/app/a"], accessor=made["accessor"])
    same(by_accessor["data"]["other"], ["deny"])
    same(client.sys.get_capabilities(["any"])["data"]["any"], ["root"])


# Audit


@works("audit devices")
def _():
    same(client.sys.list_enabled_audit_devices()["data"], {})


@works("audit device, enable")
def _():
    nothing(
        client.sys.enable_audit_device(
            "file", options={"file_path": os.environ["AUDIT_FOLDER"] + "/hvac.log"}
        )
    )
    nothing(
        client.sys.enable_audit_device(
            "file",
            path="second",
            description="another",
            options={"file_path": os.environ["AUDIT_FOLDER"] + "/second.log"},
        )
    )
    devices = client.sys.list_enabled_audit_devices()
    same(devices["data"]["second/"]["description"], "another")
    same(devices["file/"]["type"], "file")


@works("audit hash")
def _():
    answer = client.sys.calculate_hash("file", "a text")
    assert answer["data"]["hash"].startswith("hmac-sha256:")
    same(answer["hash"], answer["data"]["hash"])
    raises(
        exceptions.InvalidRequest,
        lambda: client.sys.calculate_hash("none", "a text"),
        "unknown audit backend",
    )


@works("audit device, disable")
def _():
    nothing(client.sys.disable_audit_device("second"))
    nothing(client.sys.disable_audit_device("file"))
    nothing(client.sys.disable_audit_device("file"))
    same(client.sys.list_enabled_audit_devices()["data"], {})


# KV version 1

kv1 = client.secrets.kv.v1


@works("kv1 write")
def _():
    nothing(kv1.create_or_update_secret("app/a", {"text": "ä", "number": 5, "null": None}, mount_point="secret"))
    nothing(kv1.create_or_update_secret("app/b", {"is": "there"}, method="PUT", mount_point="secret"))
    nothing(kv1.create_or_update_secret("app/b", {"is": "new"}, method="POST", mount_point="secret"))


@works("kv1 read")
def _():
    answer = kv1.read_secret("app/a", mount_point="secret")
    same(answer["data"], {"text": "ä", "number": 5, "null": None})
    same(answer["lease_duration"], 32 * 24 * 3600)
    same(kv1.read_secret("app/b", mount_point="secret")["data"], {"is": "new"})


@works("kv1 read, nothing there")
def _():
    raises(exceptions.InvalidPath, lambda: kv1.read_secret("app/none", mount_point="secret"))


@works("kv1 list")
def _():
    same(kv1.list_secrets("app", mount_point="secret")["data"]["keys"], ["a", "b"])
    same(kv1.list_secrets("", mount_point="secret")["data"]["keys"], ["app/"])
    raises(exceptions.InvalidPath, lambda: kv1.list_secrets("none", mount_point="secret"))


@works("kv1 delete")
def _():
    nothing(kv1.delete_secret("app/b", mount_point="secret"))
    raises(exceptions.InvalidPath, lambda: kv1.read_secret("app/b", mount_point="secret"))


@works("kv1 ttl of a secret")
def _():
    kv1.create_or_update_secret("app/short", {"ttl": "90s", "is": "short"}, mount_point="secret")
    same(kv1.read_secret("app/short", mount_point="secret")["lease_duration"], 90)


# KV version 2

kv2 = client.secrets.kv.v2
V = {"mount_point": "versioned"}


@works("kv2 settings, write")
def _():
    nothing(kv2.configure(max_versions=20, cas_required=False, delete_version_after="0s", **V))


@works("kv2 settings, read")
def _():
    settings = kv2.read_configuration(**V)["data"]
    same((settings["max_versions"], settings["cas_required"]), (20, False))
    same(settings["delete_version_after"], "0s")


@works("kv2 write")
def _():
    written = kv2.create_or_update_secret("app/a", {"n": 1, "null": None}, **V)["data"]
    same((written["version"], written["destroyed"], written["deletion_time"]), (1, False, ""))
    assert written["created_time"].endswith("Z")


@works("kv2 write, check-and-set")
def _():
    same(kv2.create_or_update_secret("app/a", {"n": 2}, cas=1, **V)["data"]["version"], 2)
    same(kv2.create_or_update_secret("app/b", {"n": 1}, cas=0, **V)["data"]["version"], 1)


@works("kv2 write, check-and-set fails")
def _():
    raises(
        exceptions.InvalidRequest,
        lambda: kv2.create_or_update_secret("app/a", {"n": 3}, cas=0, **V),
        "check-and-set parameter did not match the current version",
    )


@works("kv2 read")
def _():
    answer = kv2.read_secret("app/a", **V)["data"]
    same((answer["data"], answer["metadata"]["version"]), ({"n": 2}, 2))


@works("kv2 read a version")
def _():
    answer = kv2.read_secret_version("app/a", version=1, **V)["data"]
    same((answer["data"], answer["metadata"]["version"]), ({"n": 1, "null": None}, 1))
    raises(exceptions.InvalidPath, lambda: kv2.read_secret_version("app/a", version=9, **V))


@works("kv2 read, nothing there")
def _():
    raises(exceptions.InvalidPath, lambda: kv2.read_secret_version("none", **V))


@works("kv2 patch")
def _():
    same(kv2.patch("app/a", {"more": "yes"}, **V)["data"]["version"], 3)
    same(kv2.read_secret("app/a", **V)["data"]["data"], {"n": 2, "more": "yes"})
    raises(exceptions.InvalidPath, lambda: kv2.patch("none", {"a": "b"}, **V))


@works("kv2 list")
def _():
    same(kv2.list_secrets("app", **V)["data"]["keys"], ["a", "b"])
    same(kv2.list_secrets("", **V)["data"]["keys"], ["app/"])
    raises(exceptions.InvalidPath, lambda: kv2.list_secrets("none", **V))


@works("kv2 delete the latest version")
def _():
    nothing(kv2.delete_latest_version_of_secret("app/a", **V))


@works("kv2 read a deleted version")
def _():
    failure = raises(exceptions.InvalidPath, lambda: kv2.read_secret_version("app/a", **V))
    same(failure.json["data"]["data"], None)
    assert failure.json["data"]["metadata"]["deletion_time"]
    answer = kv2.read_secret_version("app/a", raise_on_deleted_version=False, **V)
    same(answer["data"]["metadata"]["version"], 3)


@works("kv2 delete versions")
def _():
    nothing(kv2.delete_secret_versions("app/a", [1, 2], **V))
    raises(exceptions.InvalidPath, lambda: kv2.read_secret_version("app/a", version=1, **V))


@works("kv2 undelete versions")
def _():
    nothing(kv2.undelete_secret_versions("app/a", [1, 3], **V))
    same(kv2.read_secret_version("app/a", version=3, **V)["data"]["data"]["more"], "yes")


@works("kv2 destroy versions")
def _():
    nothing(kv2.destroy_secret_versions("app/a", [1], **V))
    failure = raises(exceptions.InvalidPath, lambda: kv2.read_secret_version("app/a", version=1, **V))
    same(failure.json["data"]["metadata"]["destroyed"], True)


@works("kv2 metadata, write")
def _():
    nothing(
        kv2.update_metadata(
            "app/a",
            max_versions=5,
            cas_required=True,
            delete_version_after="1h",
            custom_metadata={"owner": "team"},
            **V,
        )
    )
    raises(
        exceptions.InvalidRequest,
        lambda: kv2.create_or_update_secret("app/a", {"n": 4}, **V),
        "check-and-set parameter required for this call",
    )


@works("kv2 metadata, read")
def _():
    data = kv2.read_secret_metadata("app/a", **V)["data"]
    same((data["current_version"], data["oldest_version"], data["max_versions"]), (3, 0, 5))
    same((data["cas_required"], data["delete_version_after"]), (True, "1h0m0s"))
    same(data["custom_metadata"], {"owner": "team"})
    same(data["versions"]["1"]["destroyed"], True)
    same(sorted(data["versions"]), ["1", "2", "3"])


@works("kv2 delete all")
def _():
    nothing(kv2.delete_metadata_and_all_versions("app/a", **V))
    nothing(kv2.delete_metadata_and_all_versions("app/a", **V))
    raises(exceptions.InvalidPath, lambda: kv2.read_secret_metadata("app/a", **V))


# Tokens

tokens = client.auth.token


@works("token create")
def _():
    made = tokens.create(policies=["app"], ttl="1h", meta={"for": "test"}, display_name="one")["auth"]
    same((made["policies"], made["lease_duration"]), (["app", "default"], 3600))
    same((made["renewable"], made["token_type"], made["metadata"]), (True, "service", {"for": "test"}))
    batch = tokens.create(policies=["app"], ttl="1h", type="batch", renewable=False)["auth"]
    same(batch["token_type"], "batch")
    periodic = tokens.create(policies=["app"], period="30m", num_uses=5)["auth"]
    same((periodic["lease_duration"], periodic["num_uses"]), (1800, 5))


@works("token create, chosen id")
def _():
    same(tokens.create(id="my-id")["auth"]["client_token"], "my-id")


@works("token role, write")
def _():
    nothing(
        tokens.create_or_update_role(
            "builder", allowed_policies="app", orphan=True, token_period="1h", path_suffix="builds"
        )
    )


@works("token role, read")
def _():
    role = tokens.read_role("builder")["data"]
    same((role["name"], role["allowed_policies"], role["orphan"]), ("builder", ["app"], True))
    same((role["token_period"], role["path_suffix"]), (3600, "builds"))
    raises(exceptions.InvalidPath, lambda: tokens.read_role("none"))


@works("token roles")
def _():
    same(tokens.list_roles()["data"]["keys"], ["builder"])


@works("token create, role")
def _():
    made = tokens.create(role_name="builder")["auth"]
    same((made["orphan"], made["lease_duration"], made["policies"]), (True, 3600, ["app", "default"]))
    same(tokens.lookup(made["client_token"])["data"]["path"], "auth/token/create/builder/builds")
    raises(exceptions.InvalidRequest, lambda: tokens.create(role_name="none"))


@works("token role, delete")
def _():
    nothing(tokens.delete_role("builder"))
    raises(exceptions.InvalidPath, tokens.list_roles)


@works("token create, orphan")
def _():
    same(tokens.create_orphan(policies=["app"])["auth"]["orphan"], True)
    same(tokens.create(policies=["app"], no_parent=True)["auth"]["orphan"], True)


@works("token create, wrapped")
def _():
    info = tokens.create(policies=["app"], wrap_ttl="1m")["wrap_info"]
    same(info["ttl"], 60)
    made = client.sys.unwrap(info["token"])["auth"]
    same(made["accessor"], info["wrapped_accessor"])
    other = client_with(None)
    other.auth_cubbyhole(tokens.create(policies=["app"], wrap_ttl="1m")["wrap_info"]["token"])
    same(other.lookup_token()["data"]["policies"], ["app", "default"])


@works("token lookup")
def _():
    made = tokens.create(policies=["app"], ttl="1h")["auth"]
    data = tokens.lookup(made["client_token"])["data"]
    same((data["id"], data["accessor"]), (made["client_token"], made["accessor"]))
    same((data["creation_ttl"], data["orphan"], data["type"]), (3600, False, "service"))
    same(client.lookup_token(made["client_token"])["data"]["id"], made["client_token"])


@works("token lookup, self")
def _():
    data = tokens.lookup_self()["data"]
    same((data["id"], data["policies"], data["ttl"]), (client.token, ["root"], 0))
    same(client.is_authenticated(), True)


@works("token lookup, accessor")
def _():
    made = tokens.create(policies=["app"])["auth"]
    data = tokens.lookup_accessor(made["accessor"])["data"]
    same((data["id"], data["accessor"]), ("", made["accessor"]))
    raises(exceptions.InvalidRequest, lambda: tokens.lookup_accessor("none"))


@works("token lookup, unknown")
def _():
    raises(exceptions.Forbidden, lambda: tokens.lookup("none"), "bad token")
    raises(exceptions.Forbidden, client_with("none").auth.token.lookup_self, "permission denied")
    same(client_with("none").is_authenticated(), False)


@works("token renew")
def _():
    made = tokens.create(policies=["app"], ttl="10m")["auth"]
    same(tokens.renew(made["client_token"], increment="20m")["auth"]["lease_duration"], 1200)
    assert client.renew_token(made["client_token"])["auth"]["renewable"]


@works("token renew, self")
def _():
    mine = client_with(tokens.create(policies=["app"], ttl="10m")["auth"]["client_token"])
    same(mine.auth.token.renew_self(increment="15m")["auth"]["lease_duration"], 900)
    same(mine.auth.token.renew_self()["auth"]["client_token"], mine.token)


@works("token renew, accessor")
def _():
    made = tokens.create(policies=["app"], ttl="10m")["auth"]
    same(tokens.renew_accessor(made["accessor"], increment="20m")["auth"]["lease_duration"], 1200)


@works("token revoke")
def _():
    made = tokens.create(policies=["app"])["auth"]
    nothing(tokens.revoke(made["client_token"]))
    raises(exceptions.Forbidden, lambda: tokens.lookup(made["client_token"]))


@works("token revoke, self")
def _():
    mine = client_with(tokens.create(policies=["app"])["auth"]["client_token"])
    nothing(mine.auth.token.revoke_self())
    same(mine.is_authenticated(), False)
    mine = client_with(tokens.create(policies=["app"])["auth"]["client_token"])
    mine.logout(revoke_token=True)
    same(mine.token, None)


@works("token revoke, accessor")
def _():
    made = tokens.create(policies=["app"])["auth"]
    nothing(tokens.revoke_accessor(made["accessor"]))
    raises(exceptions.Forbidden, lambda: tokens.lookup(made["client_token"]))


@works("token revoke, children stay")
def _():
    parent = client_with(tokens.create(policies=["root"])["auth"]["client_token"])
    child = parent.auth.token.create(policies=["app"])["auth"]["client_token"]
    nothing(tokens.revoke_and_orphan_children(parent.token))
    same(tokens.lookup(child)["data"]["orphan"], True)


@works("token accessors")
def _():
    made = tokens.create(policies=["app"])["auth"]
    assert made["accessor"] in tokens.list_accessors()["data"]["keys"]


@works("token tidy")
def _():
    same(tokens.tidy().status_code, 202)


@works("cubbyhole")
def _():
    client.write_data("cubbyhole/mine", data={"a": "b"})
    same(client.read("cubbyhole/mine")["data"], {"a": "b"})
    same(client.list("cubbyhole")["data"]["keys"], ["mine"])
    client.delete("cubbyhole/mine")
    same(client.read("cubbyhole/mine"), None)


# Response wrapping


@works("wrap")
def _():
    info = client.sys.wrap({"a": "b"}, ttl=120)["wrap_info"]
    same((info["ttl"], info["creation_path"]), (120, "sys/wrapping/wrap"))
    same(client.sys.unwrap(info["token"])["data"], {"a": "b"})


@works("wrapped answer")
def _():
    answer = client.read("secret/app/a", wrap_ttl="100s")
    same((answer["data"], answer["auth"], answer["wrap_info"]["ttl"]), (None, None, 100))
    same(client.sys.unwrap(answer["wrap_info"]["token"])["data"]["number"], 5)


@works("unwrap")
def _():
    token = client.sys.wrap({"a": "b"})["wrap_info"]["token"]
    same(client.sys.unwrap(token)["data"], {"a": "b"})


@works("wrapping token, lookup")
def _():
    token = client.sys.wrap({"a": "b"}, ttl=120)["wrap_info"]["token"]
    data = client.write_data("sys/wrapping/lookup", data={"token": token})["data"]
    same((data["creation_ttl"], data["creation_path"]), (120, "sys/wrapping/wrap"))


@works("rewrap")
def _():
    first = client.sys.wrap({"a": "b"})["wrap_info"]["token"]
    second = client.write_data("sys/wrapping/rewrap", data={"token": first})["wrap_info"]
    same(second["creation_path"], "sys/wrapping/wrap")
    same(client.sys.unwrap(second["token"])["data"], {"a": "b"})
    raises(exceptions.InvalidRequest, lambda: client.sys.unwrap(first), "does not exist")


@works("unwrap, token in the header")
def _():
    token = client.sys.wrap({"a": "b"})["wrap_info"]["token"]
    same(client_with(token).sys.unwrap()["data"], {"a": "b"})


@works("unwrap, spent")
def _():
    token = client.sys.wrap({"a": "b"})["wrap_info"]["token"]
    client.sys.unwrap(token)
    raises(
        exceptions.InvalidRequest,
        lambda: client.sys.unwrap(token),
        "wrapping token is not valid or does not exist",
    )


# Leases


@works("secret with a lease")
def _():
    answer = client.read("leased/creds/app")
    assert answer["lease_id"].startswith("leased/creds/app/")
    same((answer["lease_duration"], answer["renewable"]), (3600, True))


@works("lease lookup")
def _():
    lease = client.read("leased/creds/app")["lease_id"]
    data = client.sys.read_lease(lease)["data"]
    same((data["id"], data["renewable"]), (lease, True))
    raises(exceptions.InvalidRequest, lambda: client.sys.read_lease("leased/creds/app/none"))


@works("leases")
def _():
    same(len(client.sys.list_leases("leased/creds/app")["data"]["keys"]), 2)
    raises(exceptions.InvalidPath, lambda: client.sys.list_leases("leased/creds/none"))


@works("lease renew")
def _():
    lease = client.read("leased/creds/app")["lease_id"]
    same(client.sys.renew_lease(lease, increment=5400)["lease_duration"], 5400)
    same(client.sys.renew_lease(lease)["lease_id"], lease)


@works("lease revoke")
def _():
    lease = client.read("leased/creds/app")["lease_id"]
    nothing(client.sys.revoke_lease(lease))
    raises(exceptions.InvalidRequest, lambda: client.sys.read_lease(lease))


@works("leases revoke, prefix")
def _():
    client.read("leased/creds/prefix")
    nothing(client.sys.revoke_prefix("leased/creds/prefix"))
    raises(exceptions.InvalidPath, lambda: client.sys.list_leases("leased/creds/prefix"))


@works("leases revoke, force")
def _():
    client.read("leased/creds/force")
    nothing(client.sys.revoke_force("leased/creds/force"))
    raises(exceptions.InvalidPath, lambda: client.sys.list_leases("leased/creds/force"))


# AppRole

approle = client.auth.approle


@works("approle role, write")
def _():
    nothing(
        approle.create_or_update_approle(
            "web", token_policies=["app"], token_ttl="10m", token_max_ttl="1h", secret_id_num_uses=3
        )
    )


@works("approle role, read")
def _():
    role = approle.read_role("web")["data"]
    same((role["token_policies"], role["token_ttl"], role["bind_secret_id"]), (["app"], 600, True))
    raises(exceptions.InvalidPath, lambda: approle.read_role("none"))


@works("approle roles")
def _():
    same(approle.list_roles()["data"]["keys"], ["web"])


@works("approle role id, read")
def _():
    same(len(approle.read_role_id("web")["data"]["role_id"]), 36)


@works("approle role id, write")
def _():
    nothing(approle.update_role_id("web", "web-role-id"))
    same(approle.read_role_id("web")["data"]["role_id"], "web-role-id")


@works("approle secret id")
def _():
    data = approle.generate_secret_id("web", metadata={"host": "one"})["data"]
    assert data["secret_id"] and data["secret_id_accessor"]
    same(data["secret_id_num_uses"], 3)


@works("approle secret id, wrapped")
def _():
    token = approle.generate_secret_id("web", wrap_ttl="1m")["wrap_info"]["token"]
    assert client_with(token).sys.unwrap()["data"]["secret_id"]


@works("approle secret id, chosen")
def _():
    data = approle.create_custom_secret_id("web", "a-chosen-secret", metadata={"host": "two"})["data"]
    same(data["secret_id"], "a-chosen-secret")


@works("approle secret id, lookup")
def _():
    data = approle.read_secret_id("web", "a-chosen-secret")["data"]
    same((data["metadata"], data["secret_id_num_uses"]), ({"host": "two"}, 3))


@works("approle login")
def _():
    mine = client_with(None)
    auth = mine.auth.approle.login("web-role-id", "a-chosen-secret")["auth"]
    same((auth["policies"], auth["lease_duration"]), (["app", "default"], 600))
    same(auth["metadata"]["role_name"], "web")
    same(mine.token, auth["client_token"])
    raises(exceptions.Forbidden, mine.sys.list_auth_methods)


@works("approle login, refused")
def _():
    raises(
        exceptions.InvalidRequest,
        lambda: client_with(None).auth.approle.login("web-role-id", "wrong"),
        "invalid",
    )


@works("approle secret id, destroy")
def _():
    nothing(approle.destroy_secret_id("web", "a-chosen-secret"))
    raises(
        exceptions.InvalidRequest,
        lambda: client_with(None).auth.approle.login("web-role-id", "a-chosen-secret"),
    )


@works("approle secret id accessors")
def _():
    assert approle.list_secret_id_accessors("web")["data"]["keys"]


@works("approle secret id accessor, lookup")
def _():
    accessor = approle.generate_secret_id("web", metadata={"a": "b"})["data"]["secret_id_accessor"]
    same(approle.read_secret_id_accessor("web", accessor)["data"]["metadata"], {"a": "b"})


@works("approle secret id accessor, destroy")
def _():
    accessor = approle.generate_secret_id("web")["data"]["secret_id_accessor"]
    nothing(approle.destroy_secret_id_accessor("web", accessor))
    raises(exceptions.InvalidPath, lambda: approle.read_secret_id_accessor("web", accessor))


@works("approle role, delete")
def _():
    nothing(approle.delete_role("web"))
    raises(exceptions.InvalidPath, approle.list_roles)


# Userpass

userpass = client.auth.userpass


@works("userpass user, write")
def _():
    nothing(userpass.create_or_update_user("ada", password="first", policies="app"))


@works("userpass user, read")
def _():
    data = userpass.read_user("ada")["data"]
    same((data["policies"], "password" in data), (["app"], False))


@works("userpass users")
def _():
    same(userpass.list_user()["data"]["keys"], ["ada"])


@works("userpass password")
def _():
    nothing(userpass.update_password_on_user("ada", "second"))


@works("userpass login")
def _():
    mine = client_with(None)
    auth = mine.auth.userpass.login("ada", "second")["auth"]
    same((auth["metadata"], auth["policies"]), ({"username": "ada"}, ["app", "default"]))
    same(mine.lookup_token()["data"]["display_name"], "userpass-ada")


@works("userpass login, refused")
def _():
    raises(
        exceptions.InvalidRequest,
        lambda: client_with(None).auth.userpass.login("ada", "first"),
        "invalid username or password",
    )


@works("userpass user, delete")
def _():
    nothing(userpass.delete_user("ada"))
    raises(exceptions.InvalidPath, lambda: userpass.read_user("ada"))


# Identity

identity = client.secrets.identity
made = {}


@works("entity, write")
def _():
    made["entity"] = identity.create_or_update_entity(
        "ada", policies=["app"], metadata={"team": "one"}
    )["data"]["id"]


@works("entity, write by name")
def _():
    made["other"] = identity.create_or_update_entity_by_name("bob", metadata={})["data"]["id"]


@works("entity, read")
def _():
    data = identity.read_entity(made["entity"])["data"]
    same((data["name"], data["policies"], data["metadata"]), ("ada", ["app"], {"team": "one"}))
    raises(exceptions.InvalidPath, lambda: identity.read_entity("none"))


@works("entity, read by name")
def _():
    same(identity.read_entity_by_name("bob")["data"]["id"], made["other"])


@works("entity, update")
def _():
    identity.update_entity(made["entity"], name="ada", metadata={"team": "two"}, policies=["app"])
    same(identity.read_entity(made["entity"])["data"]["metadata"], {"team": "two"})


@works("entities")
def _():
    for method in ("LIST", "GET"):
        assert made["entity"] in identity.list_entities(method=method)["data"]["keys"]


@works("entities by name")
def _():
    for method in ("LIST", "GET"):
        assert {"ada", "bob"} <= set(identity.list_entities_by_name(method=method)["data"]["keys"])


@works("alias, write")
def _():
    accessor = client.sys.list_auth_methods()["data"]["userpass/"]["accessor"]
    made["accessor"] = accessor
    made["alias"] = identity.create_or_update_entity_alias(
        "ada", canonical_id=made["entity"], mount_accessor=accessor
    )["data"]["id"]


@works("alias, read")
def _():
    data = identity.read_entity_alias(made["alias"])["data"]
    same((data["name"], data["canonical_id"]), ("ada", made["entity"]))


@works("alias, update")
def _():
    identity.update_entity_alias(made["alias"], "lovelace", made["entity"], made["accessor"])
    same(identity.read_entity_alias(made["alias"])["data"]["name"], "lovelace")


@works("aliases")
def _():
    for method in ("LIST", "GET"):
        assert made["alias"] in identity.list_entity_aliases(method=method)["data"]["keys"]


@works("entity, lookup")
def _():
    same(identity.lookup_entity(name="bob")["data"]["id"], made["other"])
    same(identity.lookup_entity(entity_id=made["entity"])["data"]["name"], "ada")
    same(
        identity.lookup_entity(alias_name="lovelace", alias_mount_accessor=made["accessor"])["data"]["id"],
        made["entity"],
    )


@works("alias, delete")
def _():
    nothing(identity.delete_entity_alias(made["alias"]))
    raises(exceptions.InvalidPath, lambda: identity.read_entity_alias(made["alias"]))


@differs("entities, merge", "not there yet")
def _():
    raises(exceptions.InvalidPath, lambda: identity.merge_entities([made["other"]], made["entity"]))


@works("group, write")
def _():
    made["group"] = identity.create_or_update_group(
        "team", policies=["app"], member_entity_ids=[made["entity"]], metadata={"a": "b"}
    )["data"]["id"]


@works("group, write by name")
def _():
    made["group2"] = identity.create_or_update_group_by_name("second", policies=["app"])["data"]["id"]


@works("group, read")
def _():
    data = identity.read_group(made["group"])["data"]
    same((data["name"], data["member_entity_ids"]), ("team", [made["entity"]]))
    raises(exceptions.InvalidPath, lambda: identity.read_group("none"))


@works("group, read by name")
def _():
    same(identity.read_group_by_name("second")["data"]["id"], made["group2"])


@works("group, update")
def _():
    identity.update_group(made["group"], name="team", metadata={"a": "c"})
    same(identity.read_group(made["group"])["data"]["metadata"], {"a": "c"})


@works("groups")
def _():
    for method in ("LIST", "GET"):
        assert made["group"] in identity.list_groups(method=method)["data"]["keys"]


@works("groups by name")
def _():
    for method in ("LIST", "GET"):
        assert {"team", "second"} <= set(identity.list_groups_by_name(method=method)["data"]["keys"])


@differs("group, lookup", "not there yet")
def _():
    raises(exceptions.InvalidPath, lambda: identity.lookup_group(name="team"))


@differs("group alias", "external groups are not there yet")
def _():
    raises(
        exceptions.InvalidPath,
        lambda: identity.create_or_update_group_alias("a", made["accessor"], made["group"]),
    )


@works("group, delete")
def _():
    nothing(identity.delete_group(made["group"]))
    raises(exceptions.InvalidPath, lambda: identity.read_group(made["group"]))


@works("group, delete by name")
def _():
    nothing(identity.delete_group_by_name("second"))


@works("entity, delete")
def _():
    nothing(identity.delete_entity(made["entity"]))
    raises(exceptions.InvalidPath, lambda: identity.read_entity(made["entity"]))


@works("entity, delete by name")
def _():
    nothing(identity.delete_entity_by_name("bob"))
    raises(exceptions.InvalidPath, lambda: identity.read_entity_by_name("bob"))


@differs("identity tokens", "the vault issues no OpenID tokens yet")
def _():
    raises(exceptions.InvalidPath, identity.read_tokens_backend_configuration)


# Anything else


@works("write any path")
def _():
    client.write_data("secret/any/a", data={"a": "b"})
    client.write("secret/any/b", a="c")


@works("read any path")
def _():
    same(client.read("secret/any/b")["data"], {"a": "c"})
    same(client.read("secret/any/none"), None)


@works("list any path")
def _():
    same(client.list("secret/any")["data"]["keys"], ["a", "b"])
    same(client.list("secret/none"), None)
    plain = hvac.Client(url=ADDRESS, token=client.token, strict_http=True)
    same(plain.list("secret/any")["data"]["keys"], ["a", "b"])


@works("delete any path")
def _():
    client.delete("secret/any/a")
    same(client.read("secret/any/a"), None)


@works("tools, random bytes")
def _():
    data = client.write_data("sys/tools/random/16", data={"format": "hex"})["data"]
    same(len(data["random_bytes"]), 32)


@works("tools, hash")
def _():
    data = client.write_data("sys/tools/hash/sha2-256", data={"input": "YQ=="})["data"]
    same(data["sum"], "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb")


@works("denied")
def _():
    mine = client_with(tokens.create(policies=["app"])["auth"]["client_token"])
    raises(exceptions.Forbidden, lambda: mine.read("secret/any/b"), "permission denied")
    raises(exceptions.Forbidden, lambda: client_with(None).read("secret/any/b"), "permission denied")


@differs("quotas", "there are limits for each client instead: 404, `docs/differences.md`")
def _():
    raises(exceptions.InvalidPath, client.sys.list_quotas)
