/* A sample result, made here: a page drawn on a canvas, so that Vietnamese needs no embedded font, wrapped as a PDF of one image. */

import { day, t } from "../shared/language.js";

const WIDTH = 1240, HEIGHT = 1754;
const A4_POINTS = [595, 842];
const MARGIN = 130;

/** A File with the dossier's code on it. */
export async function samplePdf(dossier) {
  const canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: HEIGHT });
  draw(canvas.getContext("2d"), dossier);
  const picture = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  return new File([await wrap(picture)], `${dossier.code}.pdf`, { type: "application/pdf" });
}

function draw(pen, dossier) {
  pen.fillStyle = "#fffdf8";
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  pen.strokeStyle = "#0f5a48";
  pen.lineWidth = 6;
  pen.strokeRect(60, 60, WIDTH - 120, HEIGHT - 120);
  pen.lineWidth = 2;
  pen.strokeRect(76, 76, WIDTH - 152, HEIGHT - 152);
  lotus(pen, WIDTH / 2, 330);
  pen.textAlign = "center";
  const write = (text, y, size, color = "#1b2924", weight = 400) => {
    pen.fillStyle = color;
    pen.font = `${weight} ${size}px "Segoe UI", Roboto, "Noto Sans", sans-serif`;
    return wrapped(pen, text, WIDTH - 2 * MARGIN).reduce((at, line) => { pen.fillText(line, WIDTH / 2, at); return at + size * 1.4; }, y);
  };
  write(dossier.decidingAgency.name, 450, 34, "#566159", 600);
  write(t("pdf.heading"), 560, 54, "#0f5a48", 700);
  let y = write(dossier.procedureName, 680, 40, undefined, 600);
  y = write(dossier.applicantName, y + 60, 46, undefined, 700);
  y = write(dossier.code, y + 20, 34, "#566159");
  write(day(new Date().toISOString()), y + 20, 34, "#566159");
  write(t("pdf.sample"), HEIGHT - 150, 30, "#8c261d", 600);
}

function lotus(pen, x, y) {
  for (const [angle, color] of [[-72, "#c9537f"], [72, "#c9537f"], [-38, "#e5769f"], [38, "#e5769f"], [0, "#f5a6c2"]]) {
    pen.save();
    pen.translate(x, y);
    pen.rotate(angle * Math.PI / 180);
    pen.scale(3.6, 3.6);
    pen.fillStyle = color;
    pen.fill(new Path2D("M0 0C-9-10-8-24 0-34 8-24 9-10 0 0Z"));
    pen.restore();
  }
}

function wrapped(pen, text, width) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (pen.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** ISO 32000-1: five objects and the table of where they begin. */
async function wrap(picture) {
  const [w, h] = A4_POINTS;
  const place = `q ${w} 0 0 ${h} 0 0 cm /P Do Q`;
  const objects = [
    ["<</Type/Catalog/Pages 2 0 R>>"],
    ["<</Type/Pages/Kids[3 0 R]/Count 1>>"],
    [`<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${w} ${h}]/Contents 4 0 R/Resources<</XObject<</P 5 0 R>>>>>>`],
    [`<</Length ${place.length}>>stream\n${place}\nendstream`],
    [`<</Type/XObject/Subtype/Image/Width ${WIDTH}/Height ${HEIGHT}/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode/Length ${picture.size}>>stream\n`,
      picture, "\nendstream"],
  ];
  const parts = ["%PDF-1.4\n"], begins = [];
  objects.forEach((object, n) => {
    begins.push(new Blob(parts).size);
    parts.push(`${n + 1} 0 obj\n`, ...object, "\nendobj\n");
  });
  const table = begins.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("");
  const end = new Blob(parts).size;
  parts.push(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${end}\n%%EOF\n`);
  return new Blob(parts);
}
