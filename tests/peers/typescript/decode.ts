// Decodes each case with the generated function of its model, encodes it again, and prints the name.
import { readFileSync } from "node:fs";
import * as models from "./client/models/index.js";

interface Case { model: string; value: unknown }

const functions = models as unknown as Record<string, (value: unknown) => unknown>;
const cases: Case[] = JSON.parse(readFileSync(process.argv[2]!, "utf-8"));
for (const { model, value } of cases) {
  const decode = functions[`${model}FromJSON`], encode = functions[`${model}ToJSON`];
  if (!decode || !encode) throw new Error(`no ${model}`);
  const again = JSON.stringify(encode(decode(value)));
  for (const [name, child] of Object.entries(value as object)) {
    if (typeof child === "string" && !again.includes(JSON.stringify(child)) && Number.isNaN(Date.parse(child)))
      throw new Error(`${model}.${name} is lost`);
  }
  console.log(model);
}
