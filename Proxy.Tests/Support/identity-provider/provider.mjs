import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import Provider, { errors } from 'oidc-provider';

// Usage: node provider.mjs PORT CERTIFICATE KEY. Clients get JWT access tokens for the audience "phigate", or for another resource by that resource's
// own name; an agent can trade a person's token for one with which it acts for that person (RFC 8693).
const [port, certificate, key] = process.argv.slice(2);
const issuer = `https://localhost:${port}`;
const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
const accessToken = 'urn:ietf:params:oauth:token-type:access_token';

const { privateKey } = await generateKeyPair('RS256', { extractable: true });
const jwk = { ...(await exportJWK(privateKey)), kid: 'signing-1', use: 'sig', alg: 'RS256' };
const keys = createLocalJWKSet({ keys: [{ kty: jwk.kty, n: jwk.n, e: jwk.e, kid: jwk.kid, alg: jwk.alg }] });

const client = (id, ...grants) => ({ client_id: id, client_secret: `${id}-secret`, grant_types: grants, redirect_uris: [], response_types: [] });
const server = (resource) => ({ scope: 'query', audience: resource === 'urn:phigate' ? 'phigate' : resource, accessTokenFormat: 'jwt', accessTokenTTL: 600, jwt: { sign: { alg: 'RS256' } } });

const provider = new Provider(issuer, {
  jwks: { keys: [jwk] },
  clients: [client('agent-1', 'client_credentials', exchange), client('kim', 'client_credentials')],
  scopes: ['query'],
  findAccount: (context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  extraTokenClaims: (context, token) => (token.extra?.act ? { act: token.extra.act } : undefined),
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => 'urn:phigate',
      getResourceServerInfo: (context, resource) => server(resource),
    },
  },
});

provider.registerGrantType(exchange, async (context) => {
  const { params, client: agent } = context.oidc;
  const subject = await jwtVerify(params.subject_token ?? '', keys, { issuer, audience: 'phigate' })
    .catch(() => { throw new errors.InvalidGrant('the subject token is not valid'); });
  const token = new provider.AccessToken({
    accountId: subject.payload.sub, client: agent, gty: 'token_exchange', scope: 'query', extra: { act: { sub: agent.clientId } },
  });
  token.resourceServer = new provider.ResourceServer('urn:phigate', server('urn:phigate'));
  context.oidc.entity('AccessToken', token);
  context.body = { access_token: await token.save(), issued_token_type: accessToken, token_type: 'Bearer', expires_in: token.expiration };
}, ['subject_token', 'subject_token_type']);

createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, provider.callback())
  .listen(Number(port), '127.0.0.1', () => console.log(`listening on ${issuer}`));
