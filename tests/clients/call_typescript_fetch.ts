// Calls every operation of a client that openapi-generator made for typescript-fetch.
//
//     node call_typescript_fetch.js URL ARGUMENTS.json
import { readFileSync } from "node:fs";
import * as client from "./client/index.js";

const [url, given] = process.argv.slice(2) as [string, string];
const configuration = new client.Configuration({ basePath: url });

// As a client's developer would write it; nothing of it may be lost on the way.
const run = await new client.AnalysisApi(configuration).startRun({
  runRequest: { metric: "degree", filter: { types: ["FUNDS"], directed: false }, seed: 11 },
});
const told = run.filter as Record<string, unknown>;
if (JSON.stringify([told.types, told.directed, run.seed]) !== '[["FUNDS"],false,11]') {
  throw new Error(`another run was started: ${JSON.stringify(run)}`);
}

type Values = Record<string, unknown>;
type Method = (values: Values) => Promise<{ raw: Response; value: () => Promise<unknown> }>;
const values: Record<string, Values> = JSON.parse(readFileSync(given, "utf-8"));
const camel = (id: string) => id.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const places = Object.keys(values).map(camel);
const bodies: Values = { startRun: "runRequest", runCypher: "cypherRequest", streamCypher: "cypherRequest" };
const calls: [string, Method][] = Object.entries(client)
  .filter(([name]) => name.endsWith("Api"))
  .flatMap(([, kind]) => {
    const api = new (kind as unknown as new (given: client.Configuration) => Record<string, Method>)(configuration);
    return Object.getOwnPropertyNames(Object.getPrototypeOf(api))
      .filter((name) => name.endsWith("Raw"))
      .map((name): [string, Method] => [name.slice(0, -3), api[name]!.bind(api)]);
  });
calls.sort(([one], [other]) => places.indexOf(one) - places.indexOf(other));
for (const [name, call] of calls) {
  const [id = ""] = Object.keys(values).filter((each) => camel(each) === name);
  const { body, ...rest } = values[id] ?? {};
  const { raw, value } = await call({ ...rest, ...(body ? { [bodies[name] as string]: body } : {}) });
  if (!raw.ok) throw new Error(`${name}: ${raw.status}`);
  await value();
  console.log(name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}
