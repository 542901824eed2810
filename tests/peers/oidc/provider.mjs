// node-oidc-provider as an account provider of ours. It says its issuer on the first line and serves until it is ended.
// Whoever comes is the one account it has: a person and a password are not what is tried here.

import { createServer } from "node:http";
import { createPrivateKey, generateKeyPairSync } from "node:crypto";

import Provider from "oidc-provider";

const { client, account } = JSON.parse(process.argv[2]);

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const key = { ...createPrivateKey(privateKey.export({ type: "pkcs8", format: "pem" })).export({ format: "jwk" }), use: "sig", alg: "ES256" };

const server = createServer();
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [{ ...client, id_token_signed_response_alg: "ES256", backchannel_logout_session_required: true }],
  jwks: { keys: [key] },
  cookies: { keys: ["a cookie key of a test"] },
  scopes: ["openid", "profile"],
  claims: { openid: ["sub"], profile: ["name", "personal_number"] },
  // Its ID token carries the claims, as our profile of the national account does.
  conformIdTokenClaims: false,
  acrValues: ["level:2"],
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    pushedAuthorizationRequests: { enabled: true },
  },
  // It calls no address of this machine, so as not to be sent inside a network; here everybody is on this machine.
  fetch: (url, { dispatcher, ...request }) => globalThis.fetch(url, request),
  pkce: { required: () => true },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, id) => ({ accountId: id, claims: async () => ({ sub: id, ...account }) }),
  loadExistingGrant: async (ctx) => {
    const { client: asking, session } = ctx.oidc;
    const grant = new ctx.oidc.provider.Grant({ clientId: asking.clientId, accountId: session.accountId });
    grant.addOIDCScope("openid profile");
    await grant.save();
    return grant;
  },
});

const answer = provider.callback();
server.on("request", async (request, response) => {
  if (!request.url.startsWith("/interaction/")) return answer(request, response);
  const login = { accountId: account.sub, acr: "level:2", amr: ["pwd"], remember: true };
  await provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
});

process.stdout.write(`${JSON.stringify({ issuer })}\n`);
