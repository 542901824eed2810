// Shows every device and what it got. It reads the lists once and then follows the event stream; whenever the stream opens (again),
// it reads anew, so that a restart of the simulator heals by itself.

const devices = document.querySelector("#devices");
const state = document.querySelector("#state");
const clock = new Intl.DateTimeFormat("vi", { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 });

const copy = (id) => document.querySelector(`#${id}`).content.firstElementChild.cloneNode(true);
const json = async (path) => (await fetch(path)).json();

function words(alert, name) {
  if (!alert) return "";
  const key = alert[`${name}LocKey`];
  return alert[name] ?? (key ? [key, ...(alert[`${name}LocArgs`] ?? [])].join(" · ") : "");
}

function messageItem({ messageId, receivedAt, message, alert, visible }) {
  const item = copy("message");
  item.id = messageId;
  item.className = visible ? "visible" : alert ? "replaced" : "silent";
  item.querySelector("time").textContent = clock.format(new Date(receivedAt));
  item.querySelector("time").dateTime = receivedAt;
  item.querySelector("strong").textContent = words(alert, "title") || (alert ? "" : "Tin dữ liệu, không hiện thông báo");
  item.querySelector(".body").textContent = words(alert, "body");
  item.querySelector("pre").textContent = JSON.stringify(message, null, 2);
  return item;
}

// One after the other: two answers for the same device must not both find it missing.
let turn = Promise.resolve();
const show = (installationId) => (turn = turn.then(() => draw(installationId)));

async function draw(installationId) {
  const response = await fetch(`/devices/${installationId}`);
  if (!response.ok) return; // removed in the meantime
  const [device, messages] = [await response.json(), await json(`/devices/${installationId}/messages`)];
  const card = document.getElementById(installationId) ?? copy("device");
  card.id = installationId;
  card.querySelector("h2").textContent = device.name;
  card.querySelector(".detail").textContent = `${device.platform} · ${device.locale} · ${device.fid}`;
  card.querySelector("ol").replaceChildren(...messages.reverse().map(messageItem));
  if (!card.isConnected) devices.append(card);
  count();
}

function count() {
  document.querySelector("#empty").hidden = devices.childElementCount > 0;
}

async function showAll() {
  devices.replaceChildren();
  for (const { installationId } of await json("/devices")) await show(installationId);
  count();
}

const stream = new EventSource("/stream");
stream.addEventListener("open", () => {
  state.textContent = "Trực tiếp";
  showAll();
});
stream.addEventListener("error", () => (state.textContent = "Mất kết nối, đang thử lại…"));
for (const kind of ["registered", "message"]) {
  stream.addEventListener(kind, (event) => show(JSON.parse(event.data).installationId));
}
stream.addEventListener("unregistered", (event) => {
  document.getElementById(JSON.parse(event.data).installationId)?.remove();
  count();
});
