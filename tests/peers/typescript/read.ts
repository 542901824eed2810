// Reads from a running server as an app would: what is open to everybody, then what is the caller's own. Prints what it found.
import { Configuration, DossiersApi, InboxApi, MeApi, ProceduresApi, ResponseError } from "./client/index.js";

const [, , basePath, token] = process.argv;
const nobody = new Configuration({ basePath: basePath! });
const signedIn = new Configuration({ basePath: basePath!, accessToken: token! });

const procedures = await new ProceduresApi(nobody).listProcedures({ limit: 5 });
const first = await new ProceduresApi(nobody).getProcedure({ code: procedures.items[0]!.code });
const refused = await new MeApi(nobody).getMe().then(() => 0, (error: ResponseError) => error.response.status);

const me = await new MeApi(signedIn).getMe();
const dossiers = await new DossiersApi(signedIn).listDossiers({});
const dossier = await new DossiersApi(signedIn).getDossier({ dossierId: dossiers.items[0]!.id });
const inbox = await new InboxApi(signedIn).listInbox({ limit: 10 });
const missing = await new DossiersApi(signedIn).getDossier({ dossierId: "none" })
  .then(() => "", async (error: ResponseError) => String((await error.response.json()).code));

console.log(JSON.stringify({
  procedure: first.name, refused, me: me.name, code: dossier.code, status: dossier.status.name, steps: dossier.timeline.length,
  changedAt: dossier.statusAt instanceof Date, unread: inbox.unreadCount, missing,
}));
