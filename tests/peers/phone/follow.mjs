// Follows a stream with eventsource, as long as it is let. Prints what it hears: its id, its name, its data.
import { EventSource } from "eventsource";

const [address, token] = process.argv.slice(2);
const source = new EventSource(address, {
  fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } }),
});
source.addEventListener("open", () => console.log("open"));
source.addEventListener("changed", (event) => console.log("changed", event.lastEventId, event.data));
