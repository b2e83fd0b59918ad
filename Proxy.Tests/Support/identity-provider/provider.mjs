import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import Provider, { errors } from 'oidc-provider';

// Usage: node provider.mjs PORT CERTIFICATE KEY. Clients get JWT access tokens for the audience "phigate", or for another resource by that resource's
// own name; an agent can trade a person's token for one with which it acts for that person (RFC 8693); people log in by the device flow (RFC 8628).
const [port, certificate, key] = process.argv.slice(2);
const issuer = `https://localhost:${port}`;
const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
const accessToken = 'urn:ietf:params:oauth:token-type:access_token';

// The newest signs, and the one before it is still published. SIGUSR2 makes a new one.
const signing = [];
let rotations = -1;
async function rotate() {
  rotations += 1;
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  signing.unshift({ ...(await exportJWK(privateKey)), kid: `signing-${rotations}`, use: 'sig', alg: 'RS256' });
  signing.length = Math.min(signing.length, 2);
}

const deviceCode = 'urn:ietf:params:oauth:grant-type:device_code';
const client = (id, ...grants) => ({ client_id: id, client_secret: `${id}-secret`, grant_types: grants, redirect_uris: [], response_types: [] });
const server = (resource) => ({ scope: 'query', audience: resource === 'urn:phigate' ? 'phigate' : resource, accessTokenFormat: 'jwt', accessTokenTTL: 600, jwt: { sign: { alg: 'RS256' } } });

const configuration = () => ({
  jwks: { keys: signing },
  clients: [
    client('agent-1', 'client_credentials', exchange), client('kim', 'client_credentials'),
    { client_id: 'phigate-cli', token_endpoint_auth_method: 'none', grant_types: [deviceCode], redirect_uris: [], response_types: [] },
  ],
  cookies: { keys: ['a-key-of-the-tests'] },
  interactions: { url: (context, interaction) => `/interaction/${interaction.uid}` },
  scopes: ['openid', 'query'],
  findAccount: (context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  extraTokenClaims: (context, token) => (token.extra?.act ? { act: token.extra.act } : undefined),
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => 'urn:phigate',
      getResourceServerInfo: (context, resource) => server(resource),
    },
  },
});

// The agent's own token, for whoever's token it shows.
const trade = (provider) => async (context) => {
  const { params, client: agent } = context.oidc;
  const keys = createLocalJWKSet({ keys: signing.map(({ kty, n, e, kid, alg }) => ({ kty, n, e, kid, alg })) });
  const subject = await jwtVerify(params.subject_token ?? '', keys, { issuer, audience: 'phigate' })
    .catch(() => { throw new errors.InvalidGrant('the subject token is not valid'); });
  const token = new provider.AccessToken({
    accountId: subject.payload.sub, client: agent, gty: 'token_exchange', scope: 'query', extra: { act: { sub: agent.clientId } },
  });
  token.resourceServer = new provider.ResourceServer('urn:phigate', server('urn:phigate'));
  context.oidc.entity('AccessToken', token);
  context.body = { access_token: await token.save(), issued_token_type: accessToken, token_type: 'Bearer', expires_in: token.expiration };
};

// Where a provider has its login page: whoever comes is kim, and agrees to everything.
const decide = (provider) => async (context, next) => {
  if (!context.path.startsWith('/interaction/')) return next();
  const { prompt, params, session } = await provider.interactionDetails(context.req, context.res);
  if (prompt.name === 'login') return provider.interactionFinished(context.req, context.res, { login: { accountId: 'kim' } });
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  if (prompt.details.missingOIDCScope) grant.addOIDCScope(prompt.details.missingOIDCScope.join(' '));
  for (const [resource, scopes] of Object.entries(prompt.details.missingResourceScopes ?? {})) grant.addResourceScope(resource, scopes.join(' '));
  const consent = { grantId: await grant.save() };
  return provider.interactionFinished(context.req, context.res, { consent }, { mergeWithLastSubmission: true });
};

let answer;
async function renew() {
  await rotate();
  const provider = new Provider(issuer, configuration());
  provider.registerGrantType(exchange, trade(provider), ['subject_token', 'subject_token_type']);
  provider.use(decide(provider));
  answer = provider.callback();
}

await renew();
process.on('SIGUSR2', () => renew().then(() => console.log(`signs with key ${rotations}`)));
createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (request, response) => answer(request, response))
  .listen(Number(port), '127.0.0.1', () => console.log(`listening on ${issuer}`));
