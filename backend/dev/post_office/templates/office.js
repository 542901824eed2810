// Asks once a second what has arrived, and adds what is new on top.
const state = document.getElementById("state");
const template = document.getElementById("message");
let last = 0;

function show(message) {
  const item = template.content.cloneNode(true);
  item.querySelector("time").textContent = new Date(message.at).toLocaleTimeString("vi-VN");
  item.querySelector(".to").textContent = message.to;
  item.querySelector("strong").textContent = message.title;
  item.querySelector(".text").textContent = message.text;
  item.querySelector("pre").textContent = message.raw;
  document.querySelector(`[data-channel="${message.channel}"] ol`).prepend(item);
}

async function look() {
  try {
    const messages = await (await fetch("/messages")).json();
    for (const message of messages.filter((one) => one.number > last)) {
      show(message);
      last = message.number;
    }
    state.textContent = messages.length ? `${messages.length} tin đã tới` : "Chưa có tin nào";
  } catch {
    state.textContent = "Mất kết nối, đang thử lại…";
  }
  setTimeout(look, 1000);
}

look();
