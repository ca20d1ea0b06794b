'use strict';

// What node-vault does against the vault at VAULT_ADDR, which nobody has initialised.

const assert = require('node:assert/strict');
const nodeVault = require('node-vault');
const { version } = require('node-vault/package.json');

const endpoint = process.env.VAULT_ADDR;
const vault = nodeVault({ endpoint, token: '' });
let root = '';
let keys = [];

function report(call, outcome, reason = '') {
  console.log(JSON.stringify({ client: 'node-vault', version, call, outcome, reason }));
}

async function checked(call, outcome, reason, check) {
  vault.token = root; // many calls take over the token that they make
  try {
    await check();
    report(call, outcome, reason);
  } catch (failure) {
    report(call, 'failed', `${failure.message}\n${failure.stack}`);
  }
}

/** The client gets what it is made for. */
const works = (call, check) => checked(call, 'works', '', check);

/** The vault answers otherwise than the reference. */
const differs = (call, reason, check) => checked(call, 'differs', reason, check);

const clientWith = (token) => nodeVault({ endpoint, token });

/** 204 without a body. */
const nothing = (body) => assert.ok(body === undefined || body === '', `got ${JSON.stringify(body)}`);

async function refused(promise, status, text = '') {
  await assert.rejects(promise, (failure) => {
    assert.equal(failure.response && failure.response.statusCode, status, failure.message);
    assert.ok(failure.message.includes(text), `"${failure.message}" has no "${text}"`);
    return true;
  });
}

async function starting() {
  await works('initialised?', async () => {
    assert.deepEqual(await vault.initialized(), { initialized: false });
  });
  await works('health', async () => {
    assert.equal((await vault.health()).initialized, false);
  });
  await works('initialise', async () => {
    const made = await vault.init({ secret_shares: 3, secret_threshold: 2 });
    keys = made.keys;
    root = made.root_token;
    assert.equal(keys.length, 3);
    await refused(vault.init({ secret_shares: 1, secret_threshold: 1 }), 400, 'already initialized');
  });
  await works('seal status', async () => {
    const status = await vault.status();
    assert.deepEqual([status.sealed, status.t, status.n, status.progress], [true, 2, 3, 0]);
    assert.equal((await vault.health()).sealed, true);
  });
  await works('unseal, forget the shares given', async () => {
    assert.equal((await vault.unseal({ key: keys[0] })).progress, 1);
    assert.equal((await vault.unseal({ reset: true })).progress, 0);
  });
  await works('unseal', async () => {
    await vault.unseal({ key: keys[0] });
    assert.equal((await vault.unseal({ key: keys[1] })).sealed, false);
    await refused(vault.unseal({ key: 'no key' }), 400);
  });
  await works('seal', async () => {
    nothing(await vault.seal());
    assert.equal((await vault.status()).sealed, true);
    await refused(vault.mounts(), 503, 'Vault is sealed');
    await vault.unseal({ key: keys[1] });
    assert.equal((await vault.unseal({ key: keys[2] })).sealed, false);
  });
  await works('health', async () => {
    const health = await vault.health();
    assert.deepEqual([health.initialized, health.sealed, health.standby], [true, false, false]);
    assert.equal(typeof health.server_time_utc, 'number');
  });
  await works('health, chosen status codes', async () => {
    assert.equal((await vault.health({ activecode: 299 })).sealed, false);
  });
  await works('leader', async () => {
    assert.equal((await vault.leader()).ha_enabled, false);
  });
  await differs('step down', 'there is one node: 404, `docs/differences.md`', () =>
    refused(vault.stepDown(), 404));
}

async function keysOfTheVault() {
  await works('rotate', async () => {
    const before = (await vault.read('sys/key-status')).term;
    nothing(await vault.rotate());
    assert.equal((await vault.read('sys/key-status')).term, before + 1);
  });
  await works('generate a root token, give up', async () => {
    const { otp_length: length } = await vault.read('sys/generate-root/attempt');
    assert.equal((await vault.generateRootInit({ otp: 'x'.repeat(length) })).started, true);
    nothing(await vault.generateRootCancel());
  });
  await works('generate a root token', async () => {
    const { otp_length: length } = await vault.read('sys/generate-root/attempt');
    const otp = 'k'.repeat(length);
    const { nonce } = await vault.generateRootInit({ otp });
    await vault.generateRootUpdate({ key: keys[0], nonce });
    const ended = await vault.generateRootUpdate({ key: keys[1], nonce });
    assert.deepEqual([ended.complete, ended.progress], [true, 2]);
    const encoded = Buffer.from(ended.encoded_root_token, 'base64');
    const token = encoded.map((byte, at) => byte ^ otp.charCodeAt(at)).toString();
    assert.deepEqual((await clientWith(token).tokenLookupSelf()).data.policies, ['root']);
  });
  await differs('generate a root token with a PGP key', '`pgp_key` is refused: the JDK has no OpenPGP',
    () => refused(vault.generateRootInit({ pgp_key: 'a PGP key' }), 400, 'pgp_key'));
}

async function mounts() {
  await works('mount', async () => {
    nothing(await vault.mount({ mount_point: 'secret', type: 'kv', options: { version: '1' } }));
    nothing(await vault.mount({
      mount_point: 'versioned', type: 'kv', description: 'with versions', options: { version: '2' },
    }));
    nothing(await vault.mount({ mount_point: 'leased', type: 'leased' }));
    await refused(vault.mount({ mount_point: 'secret', type: 'kv' }), 400, 'path is already in use');
  });
  await works('mounts', async () => {
    const answer = await vault.mounts();
    assert.equal(answer['versioned/'].description, 'with versions');
    assert.deepEqual(answer.data['versioned/'].options, { version: '2' });
  });
  await works('mount, move', async () => {
    await vault.mount({ mount_point: 'here', type: 'kv', options: { version: '1' } });
    await vault.write('here/a', { is: 'kept' });
    assert.ok((await vault.remount({ from: 'here', to: 'there' })).migration_id);
    assert.deepEqual((await vault.read('there/a')).data, { is: 'kept' });
  });
  await works('unmount', async () => {
    nothing(await vault.unmount({ mount_point: 'there' }));
    assert.equal((await vault.mounts()).data['there/'], undefined);
  });
  await works('unmount, nothing there', async () => {
    nothing(await vault.unmount({ mount_point: 'there' }));
  });
  await works('auth method, enable', async () => {
    nothing(await vault.enableAuth({ mount_point: 'userpass', type: 'userpass' }));
    nothing(await vault.enableAuth({ mount_point: 'approle', type: 'approle', description: 'machines' }));
    nothing(await vault.enableAuth({ mount_point: 'people', type: 'userpass' }));
    await refused(vault.enableAuth({ mount_point: 'approle', type: 'approle' }), 400, 'path is already in use');
  });
  await works('auth methods', async () => {
    const answer = await vault.auths();
    assert.equal(answer['approle/'].description, 'machines');
    assert.equal(answer.data['userpass/'].type, 'userpass');
  });
  await works('auth method, disable', async () => {
    nothing(await vault.disableAuth({ mount_point: 'people' }));
    assert.equal((await vault.auths()).data['people/'], undefined);
  });
}

const APP = 'path "secret/app/*" { capabilities = ["create", "read", "update", "delete", "list"] }';

async function policies() {
  await works('policy, write', async () => {
    nothing(await vault.addPolicy({ name: 'app', policy: APP }));
    const answer = await vault.addPolicy({ name: 'old', rules: APP });
    assert.ok(answer.warnings[0].includes('deprecated'), JSON.stringify(answer));
    await refused(vault.addPolicy({ name: 'bad', policy: 'path {' }), 400);
  });
  await works('policy, read', async () => {
    assert.equal((await vault.getPolicy({ name: 'app' })).rules, APP);
    await refused(vault.getPolicy({ name: 'none' }), 404);
  });
  await works('policies', async () => {
    const answer = await vault.policies();
    assert.deepEqual(answer.policies, ['app', 'default', 'old', 'root']);
    assert.deepEqual(answer.keys, answer.data.keys);
  });
  await works('policy, delete', async () => {
    nothing(await vault.removePolicy({ name: 'old' }));
    await refused(vault.getPolicy({ name: 'old' }), 404);
  });
}

async function audit() {
  await works('audit device, enable', async () => {
    nothing(await vault.enableAudit({
      name: 'file', type: 'file', options: { file_path: `${process.env.AUDIT_FOLDER}/node-vault.log` },
    }));
  });
  await works('audit devices', async () => {
    assert.equal((await vault.audits())['file/'].type, 'file');
  });
  await works('audit device, disable', async () => {
    nothing(await vault.disableAudit({ name: 'file' }));
    assert.deepEqual((await vault.audits()).data, {});
  });
}

async function keyValue() {
  await works('kv1 write', async () => {
    nothing(await vault.write('secret/app/a', { text: 'ä', number: 5, null: null }));
  });
  await works('kv1 read', async () => {
    assert.deepEqual((await vault.read('secret/app/a')).data, { text: 'ä', number: 5, null: null });
  });
  await works('kv1 read, nothing there', () => refused(vault.read('secret/app/none'), 404));
  await works('kv1 list', async () => {
    assert.deepEqual((await vault.list('secret/app')).data.keys, ['a']);
    const plain = nodeVault({ endpoint, token: root, noCustomHTTPVerbs: true });
    assert.deepEqual((await plain.list('secret')).data.keys, ['app/']);
    await refused(vault.list('secret/none'), 404);
  });
  await works('kv1 ttl of a secret', async () => {
    await vault.write('secret/app/short', { ttl: '90s' });
    assert.equal((await vault.read('secret/app/short')).lease_duration, 90);
  });
  await works('kv1 delete', async () => {
    nothing(await vault.delete('secret/app/short'));
    await refused(vault.read('secret/app/short'), 404);
  });

  await works('kv2 settings, write', async () => {
    nothing(await vault.write('versioned/config', { max_versions: 20 }));
  });
  await works('kv2 settings, read', async () => {
    assert.equal((await vault.read('versioned/config')).data.max_versions, 20);
  });
  await works('kv2 write', async () => {
    const { data } = await vault.write('versioned/data/app/a', { data: { n: 1, m: { o: 1, p: 2 } } });
    assert.deepEqual([data.version, data.destroyed, data.deletion_time], [1, false, '']);
  });
  await works('kv2 write, check-and-set', async () => {
    const { data } = await vault.write('versioned/data/app/a', {
      data: { n: 2, m: { o: 1, p: 2 } }, options: { cas: 1 },
    });
    assert.equal(data.version, 2);
  });
  await works('kv2 write, check-and-set fails', () => refused(
    vault.write('versioned/data/app/a', { data: { n: 3 }, options: { cas: 1 } }), 400,
    'check-and-set parameter did not match the current version',
  ));
  await works('kv2 read', async () => {
    const { data } = await vault.read('versioned/data/app/a');
    assert.deepEqual([data.data.n, data.metadata.version], [2, 2]);
  });
  await works('kv2 read a version', async () => {
    assert.equal((await vault.read('versioned/data/app/a?version=1')).data.data.n, 1);
  });
  await works('kv2 read, nothing there', () => refused(vault.read('versioned/data/none'), 404));
  await works('kv2 patch', async () => {
    const { data } = await vault.update('versioned/data/app/a', { data: { n: 3, m: { p: null } } });
    assert.equal(data.version, 3);
    assert.deepEqual((await vault.read('versioned/data/app/a')).data.data, { n: 3, m: { o: 1 } });
    await refused(vault.update('versioned/data/none', { data: { n: 3 } }), 404);
  });
  await works('kv2 list', async () => {
    assert.deepEqual((await vault.list('versioned/metadata/app')).data.keys, ['a']);
  });
  await works('kv2 delete the latest version', async () => {
    nothing(await vault.delete('versioned/data/app/a'));
  });
  await works('kv2 read a deleted version', async () => {
    await assert.rejects(vault.read('versioned/data/app/a'), ({ response }) => {
      assert.equal(response.statusCode, 404);
      assert.equal(response.body.data.data, null);
      assert.ok(response.body.data.metadata.deletion_time);
      return true;
    });
  });
  await works('kv2 delete versions', async () => {
    nothing(await vault.write('versioned/delete/app/a', { versions: [1, 2] }));
  });
  await works('kv2 undelete versions', async () => {
    nothing(await vault.write('versioned/undelete/app/a', { versions: [1, 3] }));
    assert.equal((await vault.read('versioned/data/app/a')).data.data.n, 3);
  });
  await works('kv2 destroy versions', async () => {
    nothing(await vault.destroySecretVersions({ mount_point: 'versioned', path: 'app/a', versions: [1] }));
    const { data } = await vault.read('versioned/metadata/app/a');
    assert.equal(data.versions['1'].destroyed, true);
  });
  await works('kv2 metadata, write', async () => {
    nothing(await vault.write('versioned/metadata/app/a', {
      max_versions: 5, delete_version_after: '1h', custom_metadata: { owner: 'team', color: 'red' },
    }));
  });
  await works('kv2 metadata, patch', async () => {
    nothing(await vault.update('versioned/metadata/app/a', { custom_metadata: { color: null } }));
  });
  await works('kv2 metadata, read', async () => {
    const { data } = await vault.read('versioned/metadata/app/a');
    assert.deepEqual(data.custom_metadata, { owner: 'team' });
    assert.deepEqual([data.current_version, data.max_versions, data.delete_version_after], [3, 5, '1h0m0s']);
  });
  await works('kv2 delete all', async () => {
    nothing(await vault.delete('versioned/metadata/app/a'));
    await refused(vault.read('versioned/metadata/app/a'), 404);
  });
}

const newToken = async (options = {}) =>
  (await clientWith(root).tokenCreate({ policies: ['app'], ...options })).auth;

async function tokens() {
  await works('token create', async () => {
    const auth = await newToken({ ttl: '1h', meta: { for: 'test' }, display_name: 'one', num_uses: 5 });
    assert.deepEqual(auth.policies, ['app', 'default']);
    assert.deepEqual([auth.lease_duration, auth.renewable], [3600, true]);
    await vault.tokenCreate({ policies: ['app'] });
    assert.notEqual(vault.token, root);
    assert.deepEqual((await vault.tokenLookupSelf()).data.policies, ['app', 'default']);
  });
  await works('token create, chosen id', async () => {
    assert.equal((await newToken({ id: 'a-chosen-id' })).client_token, 'a-chosen-id');
  });
  await works('token role, write', async () => {
    nothing(await vault.addTokenRole({ role_name: 'builder', allowed_policies: 'app', orphan: true, period: 3600 }));
  });
  await works('token roles', async () => {
    assert.deepEqual((await vault.tokenRoles()).data.keys, ['builder']);
  });
  await works('token role, read', async () => {
    const { data } = await vault.getTokenRole({ role_name: 'builder' });
    assert.deepEqual([data.name, data.orphan, data.period], ['builder', true, 3600]);
  });
  await works('token create, role', async () => {
    const { auth } = await vault.tokenCreateRole({ role_name: 'builder' });
    assert.deepEqual([auth.orphan, auth.lease_duration], [true, 3600]);
    await refused(clientWith(root).tokenCreateRole({ role_name: 'none' }), 400, 'unknown role');
  });
  await works('token role, delete', async () => {
    nothing(await vault.removeTokenRole({ role_name: 'builder' }));
    await refused(vault.tokenRoles(), 404);
  });
  await works('token create, orphan', async () => {
    assert.equal((await vault.tokenCreateOrphan({ policies: ['app'] })).auth.orphan, true);
  });
  await works('token create, wrapped', async () => {
    const { wrap_info: info } = await vault.write('auth/token/create', { policies: ['app'] }, {
      headers: { 'X-Vault-Wrap-TTL': '1m' },
    });
    const { auth } = await vault.unwrap({ token: info.token });
    assert.equal(auth.accessor, info.wrapped_accessor);
  });
  await works('token lookup', async () => {
    const auth = await newToken({ ttl: '1h' });
    const { data } = await vault.tokenLookup({ token: auth.client_token });
    assert.deepEqual([data.id, data.creation_ttl, data.orphan], [auth.client_token, 3600, false]);
  });
  await works('token lookup, self', async () => {
    assert.equal((await vault.tokenLookupSelf()).data.id, root);
  });
  await works('token lookup, accessor', async () => {
    const { accessor } = await newToken();
    assert.equal((await vault.tokenLookupAccessor({ accessor })).data.accessor, accessor);
  });
  await works('token lookup, unknown', async () => {
    await refused(vault.tokenLookup({ token: 'none' }), 403, 'bad token');
    await refused(clientWith('none').tokenLookupSelf(), 403, 'permission denied');
  });
  await works('token renew', async () => {
    const auth = await newToken({ ttl: '10m' });
    const renewed = await vault.tokenRenew({ token: auth.client_token, increment: '20m' });
    assert.equal(renewed.auth.lease_duration, 1200);
  });
  await works('token renew, self', async () => {
    const mine = clientWith((await newToken({ ttl: '10m' })).client_token);
    assert.equal((await mine.tokenRenewSelf({ increment: 900 })).auth.lease_duration, 900);
    assert.equal((await mine.tokenRenewSelf()).auth.renewable, true);
  });
  await works('token revoke', async () => {
    const auth = await newToken();
    nothing(await vault.tokenRevoke({ token: auth.client_token }));
    await refused(clientWith(auth.client_token).tokenLookupSelf(), 403);
  });
  await works('token revoke, self', async () => {
    const mine = clientWith((await newToken()).client_token);
    nothing(await mine.tokenRevokeSelf());
    await refused(mine.tokenLookupSelf(), 403);
  });
  await works('token revoke, accessor', async () => {
    const auth = await newToken();
    nothing(await vault.tokenRevokeAccessor({ accessor: auth.accessor }));
    await refused(clientWith(auth.client_token).tokenLookupSelf(), 403);
  });
  await works('token revoke, children stay', async () => {
    const parent = await newToken({ policies: ['root'] });
    const child = (await clientWith(parent.client_token).tokenCreate({ policies: ['app'] })).auth;
    nothing(await vault.tokenRevokeOrphan({ token: parent.client_token }));
    assert.equal((await vault.tokenLookup({ token: child.client_token })).data.orphan, true);
  });
  await works('token accessors', async () => {
    const { accessor } = await newToken();
    assert.ok((await vault.tokenAccessors()).data.keys.includes(accessor));
  });
  await works('cubbyhole', async () => {
    nothing(await vault.write('cubbyhole/mine', { a: 'b' }));
    assert.deepEqual((await vault.read('cubbyhole/mine')).data, { a: 'b' });
    nothing(await vault.delete('cubbyhole/mine'));
  });
}

async function wrapping() {
  const wrap = async () => (await vault.write('sys/wrapping/wrap', { a: 'b' }, {
    headers: { 'X-Vault-Wrap-TTL': '60' },
  })).wrap_info;
  await works('wrap', async () => {
    const info = await wrap();
    assert.deepEqual([info.ttl, info.creation_path], [60, 'sys/wrapping/wrap']);
  });
  await works('wrapped answer', async () => {
    const answer = await vault.read('secret/app/a', { headers: { 'X-Vault-Wrap-TTL': '100s' } });
    assert.deepEqual([answer.data, answer.wrap_info.ttl], [null, 100]);
    assert.equal((await vault.unwrap({ token: answer.wrap_info.token })).data.number, 5);
  });
  await works('wrapping token, lookup', async () => {
    const { data } = await vault.write('sys/wrapping/lookup', { token: (await wrap()).token });
    assert.deepEqual([data.creation_ttl, data.creation_path], [60, 'sys/wrapping/wrap']);
  });
  await works('rewrap', async () => {
    const first = await wrap();
    const second = (await vault.write('sys/wrapping/rewrap', { token: first.token })).wrap_info;
    assert.deepEqual((await vault.unwrap({ token: second.token })).data, { a: 'b' });
    await refused(vault.unwrap({ token: first.token }), 400);
  });
  await works('unwrap', async () => {
    assert.deepEqual((await vault.unwrap({ token: (await wrap()).token })).data, { a: 'b' });
  });
  await works('unwrap, token in the header', async () => {
    assert.deepEqual((await clientWith((await wrap()).token).unwrap()).data, { a: 'b' });
  });
  await works('unwrap, spent', async () => {
    const { token } = await wrap();
    await vault.unwrap({ token });
    await refused(vault.unwrap({ token }), 400, 'wrapping token is not valid or does not exist');
  });
}

async function leases() {
  await works('secret with a lease', async () => {
    const answer = await vault.read('leased/creds/app');
    assert.ok(answer.lease_id.startsWith('leased/creds/app/'));
    assert.deepEqual([answer.lease_duration, answer.renewable], [3600, true]);
  });
  await works('lease renew', async () => {
    const { lease_id: lease } = await vault.read('leased/creds/app');
    const renewed = await vault.renew({ lease_id: lease, increment: 5400 });
    assert.deepEqual([renewed.lease_id, renewed.lease_duration], [lease, 5400]);
  });
  await works('lease revoke', async () => {
    const { lease_id: lease } = await vault.read('leased/creds/app');
    nothing(await vault.revoke({ lease_id: lease }));
    await refused(vault.renew({ lease_id: lease }), 400);
  });
  await works('leases revoke, prefix', async () => {
    const { lease_id: lease } = await vault.read('leased/creds/prefix');
    nothing(await vault.revokePrefix({ path_prefix: 'leased/creds/prefix' }));
    await refused(vault.renew({ lease_id: lease }), 400);
  });
  await works("renewal by the client's own schedule", async () => {
    const { lease_id: lease } = await vault.read('leased/creds/app');
    const renewed = new Promise((done, failed) => {
      vault.once('lease:renewed', done);
      vault.once('lease:error:renew', ({ error }) => failed(error));
    });
    vault.startLeaseRenewal(lease, 1);
    // The client's own timers do not keep the process alive.
    const alive = setTimeout(() => {}, 20000);
    assert.equal((await renewed).result.lease_id, lease);
    vault.stopAllRenewals();
    clearTimeout(alive);
  });
}

async function approle() {
  await works('approle role, write', async () => {
    nothing(await vault.addApproleRole({
      role_name: 'web', policies: 'app', token_ttl: 600, secret_id_num_uses: 3,
    }));
  });
  await works('approle role, read', async () => {
    const { data } = await vault.getApproleRole({ role_name: 'web' });
    assert.deepEqual([data.policies, data.token_ttl], [['app'], 600]);
  });
  await works('approle roles', async () => {
    assert.deepEqual((await vault.approleRoles()).data.keys, ['web']);
  });
  await works('approle role id, read', async () => {
    assert.equal((await vault.getApproleRoleId({ role_name: 'web' })).data.role_id.length, 36);
  });
  await works('approle role id, write', async () => {
    nothing(await vault.updateApproleRoleId({ role_name: 'web', role_id: 'web-role-id' }));
  });
  const newSecretId = async () => (await vault.getApproleRoleSecret({
    role_name: 'web', metadata: '{"host":"one"}',
  })).data;
  await works('approle secret id', async () => {
    assert.ok((await newSecretId()).secret_id);
  });
  await works('approle secret id, lookup', async () => {
    const { secret_id: secretId } = await newSecretId();
    const { data } = await vault.approleSecretLookup({ role_name: 'web', secret_id: secretId });
    assert.deepEqual(data.metadata, { host: 'one' });
  });
  await works('approle login', async () => {
    const { secret_id: secretId } = await newSecretId();
    const { auth } = await vault.approleLogin({ role_id: 'web-role-id', secret_id: secretId });
    assert.deepEqual([auth.policies, auth.lease_duration], [['app', 'default'], 600]);
    assert.equal(vault.token, auth.client_token);
  });
  await works('approle login, refused', () =>
    refused(vault.approleLogin({ role_id: 'web-role-id', secret_id: 'wrong' }), 400, 'invalid'));
  await works('approle secret id, destroy', async () => {
    const { secret_id: secretId } = await newSecretId();
    nothing(await vault.approleSecretDestroy({ role_name: 'web', secret_id: secretId }));
    await refused(vault.approleLogin({ role_id: 'web-role-id', secret_id: secretId }), 400);
  });
  await works('approle secret id accessors', async () => {
    const { secret_id_accessor: accessor } = await newSecretId();
    assert.ok((await vault.approleSecretAccessors({ role_name: 'web' })).data.keys.includes(accessor));
  });
  await works('approle secret id accessor, lookup', async () => {
    const { secret_id_accessor: accessor } = await newSecretId();
    const { data } = await vault.approleSecretAccessorLookup({ role_name: 'web', secret_id_accessor: accessor });
    assert.equal(data.secret_id_accessor, accessor);
  });
  await works('approle secret id accessor, destroy', async () => {
    const { secret_id_accessor: accessor } = await newSecretId();
    nothing(await vault.approleSecretAccessorDestroy({ role_name: 'web', secret_id_accessor: accessor }));
    await refused(
      vault.approleSecretAccessorLookup({ role_name: 'web', secret_id_accessor: accessor }), 404,
    );
  });
  await works('approle role, delete', async () => {
    nothing(await vault.deleteApproleRole({ role_name: 'web' }));
    await refused(vault.getApproleRole({ role_name: 'web' }), 404);
  });
}

async function userpass() {
  await works('userpass user, write', async () => {
    nothing(await vault.write('auth/userpass/users/ada', { password: 'right', policies: 'app' }));
  });
  await works('userpass login', async () => {
    const { auth } = await vault.userpassLogin({ username: 'ada', password: 'right' });
    assert.deepEqual(auth.metadata, { username: 'ada' });
    assert.equal((await vault.tokenLookupSelf()).data.display_name, 'userpass-ada');
  });
  await works('userpass login, refused', () =>
    refused(vault.userpassLogin({ username: 'ada', password: 'wrong' }), 400, 'invalid username or password'));
}

async function anythingElse() {
  await works('write any path', async () => {
    nothing(await vault.write('secret/any/a', { a: 'b' }));
    assert.deepEqual((await vault.write('sys/capabilities-self', { path: 'secret/any/a' })).capabilities, ['root']);
  });
  await works('tools, random bytes', async () => {
    const { data } = await vault.write('sys/tools/random/16', { format: 'hex' });
    assert.match(data.random_bytes, /^[0-9a-f]{32}$/);
  });
  await works('tools, hash', async () => {
    const { data } = await vault.write('sys/tools/hash/sha2-256', { input: 'YQ==' });
    assert.equal(data.sum, 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb');
  });
  await works('read any path', async () => {
    assert.equal((await vault.read('sys/internal/ui/mounts/versioned/a')).data.path, 'versioned/');
    await refused(vault.read('nowhere/a'), 404, 'no handler for route');
  });
  await works('list any path', async () => {
    assert.ok((await vault.list('sys/policies/acl')).data.keys.includes('app'));
  });
  await works('delete any path', async () => {
    nothing(await vault.delete('secret/app/none'));
  });
  await works('patch any path', async () => {
    await vault.write('versioned/metadata/any', { custom_metadata: { a: 'b' } });
    nothing(await vault.update('versioned/metadata/any', { custom_metadata: { a: 'c' } }));
    assert.equal((await vault.read('versioned/metadata/any')).data.custom_metadata.a, 'c');
    await refused(vault.update('secret/any/a', { a: 'c' }), 405);
  });
  await works('help', async () => {
    assert.ok((await vault.help('sys/policy')).help);
  });
  await works('denied', async () => {
    const mine = clientWith((await newToken()).client_token);
    await refused(mine.read('secret/other'), 403, 'permission denied');
    await refused(clientWith('').read('secret/other'), 403, 'permission denied');
  });
}

async function all() {
  for (const part of [
    starting, keysOfTheVault, mounts, policies, audit, keyValue, tokens, wrapping, leases, approle,
    userpass, anythingElse,
  ]) {
    await part();
  }
}

all();
