// An app of ours on openid-client: it is told what to do line by line, and says line by line what came of it.

import { createInterface } from "node:readline";

import * as oauth from "openid-client";

const { server, clientId, redirectUri } = JSON.parse(process.argv[2]);

const options = { algorithm: "oauth2", execute: [oauth.allowInsecureRequests] };
const config = await oauth.discovery(new URL(server), clientId, undefined, oauth.None(), options);
const DPoP = oauth.getDPoPHandle(config, await oauth.randomDPoPKeyPair("ES256"));

let verifier, state, tokens;

const does = {
  // Pushes the request and answers the address for the browser.
  async begin({ provider }) {
    verifier = oauth.randomPKCECodeVerifier();
    state = oauth.randomState();
    const request = {
      redirect_uri: redirectUri,
      scope: "openid",
      state,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      provider,
    };
    return { url: (await oauth.buildAuthorizationUrlWithPAR(config, request, { DPoP })).href };
  },
  // Checks what the browser came back with (state, iss) and redeems the code.
  async finish({ url }) {
    const checks = { pkceCodeVerifier: verifier, expectedState: state };
    tokens = await oauth.authorizationCodeGrant(config, new URL(url), checks, undefined, { DPoP });
    return tokens;
  },
  async me() {
    const asked = new URL("/v1/me", server);
    const answer = await oauth.fetchProtectedResource(config, tokens.access_token, asked, "GET", undefined, undefined, { DPoP });
    return { status: answer.status, body: await answer.json() };
  },
  async refresh({ token }) {
    tokens = await oauth.refreshTokenGrant(config, token ?? tokens.refresh_token, undefined, { DPoP });
    return tokens;
  },
  async revoke() {
    await oauth.tokenRevocation(config, tokens.refresh_token);
    return {};
  },
};

process.stdout.write(`${JSON.stringify({ ready: config.serverMetadata().issuer })}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  const { what, ...told } = JSON.parse(line);
  let said;
  try {
    said = await does[what](told);
  } catch (refused) {
    said = { refused: refused.error ?? refused.cause?.error ?? refused.code ?? refused.message, status: refused.status ?? refused.cause?.status };
  }
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
