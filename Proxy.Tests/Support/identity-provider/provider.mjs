import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import Provider from 'oidc-provider';

// Usage: node provider.mjs PORT CERTIFICATE KEY. One client, which gets JWT access tokens for the audience "phigate", or for another resource
// by that resource's own name.
const [port, certificate, key] = process.argv.slice(2);
const issuer = `https://localhost:${port}`;

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'agent-1',
    client_secret: 'agent-1-secret',
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
  }],
  scopes: ['query'],
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => 'urn:phigate',
      getResourceServerInfo: (context, resource) => ({ scope: 'query', audience: resource === 'urn:phigate' ? 'phigate' : resource, accessTokenFormat: 'jwt', accessTokenTTL: 600, jwt: { sign: { alg: 'RS256' } } }),
    },
  },
});

createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, provider.callback())
  .listen(Number(port), '127.0.0.1', () => console.log(`listening on ${issuer}`));
