/* Vietnamese first, English a tap away. Each page brings its own words; these are the ones both need. */

const KEPT_AS = "motcua.language";
const ZONE = "Asia/Ho_Chi_Minh";
const listeners = new Set();

const words = {
  vi: {
    "retry": "Thử lại",
    "more": "Xem thêm",
    "close": "Đóng",
    "back": "Quay lại",
    "cancel": "Hủy",
    "loading": "Đang tải…",
    "signOut": "Đăng xuất",
    "signInAgain": "Đăng nhập lại",
    "overdue": "Quá hạn {days} ngày",
    "dueIn": "Còn {days} ngày",
    "dueToday": "Hẹn trả hôm nay",
    "otherLanguage": "English",
    "problem.network": "Không kết nối được máy chủ. Kiểm tra mạng rồi thử lại.",
    "problem.unreadable": "Máy chủ trả lời không đúng định dạng.",
    "problem.unknown": "Đã có lỗi xảy ra.",
    "problem.trace": "mã theo dõi",
    "problem.state": "Phiên đăng nhập không khớp. Vui lòng đăng nhập lại.",
    "problem.issuer": "Câu trả lời đăng nhập đến từ máy chủ lạ và đã bị từ chối.",
    "problem.denied": "Bạn chưa đồng ý đăng nhập, hoặc tài khoản này không được phép.",
  },
  en: {
    "retry": "Try again",
    "more": "Show more",
    "close": "Close",
    "back": "Back",
    "cancel": "Cancel",
    "loading": "Loading…",
    "signOut": "Sign out",
    "signInAgain": "Sign in again",
    "overdue": "{days} days overdue",
    "dueIn": "{days} days left",
    "dueToday": "Due today",
    "otherLanguage": "Tiếng Việt",
    "problem.network": "The server cannot be reached. Check the network and try again.",
    "problem.unreadable": "The server's answer could not be read.",
    "problem.unknown": "Something went wrong.",
    "problem.trace": "trace",
    "problem.state": "This sign-in does not match the one you began. Please sign in again.",
    "problem.issuer": "The sign-in answer came from another server and was refused.",
    "problem.denied": "Sign-in was declined, or this account is not allowed.",
  },
};

let current = localStorage.getItem(KEPT_AS) ?? "vi";
document.documentElement.lang = current;

/** `vi` or `en`. */
export function language() { return current; }

/** Add a page's words: `{vi: {...}, en: {...}}`. */
export function teach(more) {
  for (const spoken of Object.keys(words)) Object.assign(words[spoken], more[spoken]);
}

/** The words for a key, blanks filled. An unknown key shows itself, so that it is noticed. */
export function t(key, blanks = {}) {
  return (words[current][key] ?? key).replace(/\{(\w+)\}/g, (_, name) => blanks[name] ?? "");
}

/** Whether there are words for a key. */
export function knows(key) { return key in words[current]; }

/** The other language, and everybody who asked is told. */
export function switchLanguage() {
  current = current === "vi" ? "en" : "vi";
  localStorage.setItem(KEPT_AS, current);
  document.documentElement.lang = current;
  for (const listener of listeners) listener();
}

export function onLanguage(listener) { listeners.add(listener); }

/** A calendar day in Cà Mau, wherever the reader is. */
export function day(iso) {
  return format(iso, { weekday: "short", day: "2-digit", month: "2-digit", year: "numeric" });
}

/** The day without its name, where room is short. */
export function shortDay(iso) {
  return format(iso, { day: "2-digit", month: "2-digit", year: "numeric" });
}

/** Day and time. */
export function moment(iso) {
  return format(iso, { day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit" });
}

/** The time alone, under a heading that names the day. */
export function hour(iso) {
  return format(iso, { hour: "2-digit", minute: "2-digit" });
}

/** Whole days from today to that day in Cà Mau; negative when it has passed. */
export function daysUntil(iso) {
  const midnight = (date) => Date.parse(new Intl.DateTimeFormat("sv", { timeZone: ZONE }).format(date));
  return Math.round((midnight(new Date(iso)) - midnight(new Date())) / 86_400_000);
}

export function kilobytes(size) {
  return new Intl.NumberFormat(current, { style: "unit", unit: "kilobyte", maximumFractionDigits: 0 }).format(Math.max(1, size / 1024));
}

function format(iso, options) {
  return new Intl.DateTimeFormat(current === "vi" ? "vi-VN" : "en-GB", { ...options, timeZone: ZONE }).format(new Date(iso));
}
