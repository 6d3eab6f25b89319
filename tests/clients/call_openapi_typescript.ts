// Calls every operation through openapi-fetch, by the types that openapi-typescript made.
//
//     node call_openapi_typescript.js URL ARGUMENTS.json OPENAPI.json
import { readFileSync } from "node:fs";
import createClient from "openapi-fetch";
import type { paths } from "./schema.js";

const [url, given, description] = process.argv.slice(2) as [string, string, string];
const client = createClient<paths>({ baseUrl: url });

// As a client's developer would write it; nothing of it may be lost on the way.
const { data: run } = await client.POST("/v1/analysis/runs", {
  body: { metric: "degree", filter: { types: ["FUNDS"], directed: false }, seed: 11 },
});
if (JSON.stringify([run?.filter.types, run?.filter.directed, run?.seed]) !== '[["FUNDS"],false,11]') {
  throw new Error(`another run was started: ${JSON.stringify(run)}`);
}
const { data: flows } = await client.GET("/v1/flows");
if (flows?.shape === "table" && flows.totals.length === 0) throw new Error("no totals");

type Values = Record<string, unknown>;
type Call = (path: string, given: Values) => Promise<{ response: Response; error?: unknown }>;
const calls = client as unknown as Record<string, Call>;
const values: Record<string, Values> = JSON.parse(readFileSync(given, "utf-8"));
const known = JSON.parse(readFileSync(description, "utf-8")).paths as Record<string, Values>;
const operations = Object.entries(known).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    path, method, id: (operation as { operationId: string }).operationId,
  })),
);
const places = Object.keys(values);
operations.sort((one, other) => places.indexOf(one.id) - places.indexOf(other.id));
for (const { path, method, id } of operations) {
  const { body, ...rest } = values[id] ?? {};
  const inPath = Object.fromEntries(Object.entries(rest).filter(([name]) => path.includes(`{${name}}`)));
  const query = Object.fromEntries(Object.entries(rest).filter(([name]) => !(name in inPath)));
  const { response, error } = await calls[method.toUpperCase()]!(path, {
    params: { path: inPath, query }, body, parseAs: "arrayBuffer",
  });
  if (!response.ok) throw new Error(`${id}: ${response.status} ${JSON.stringify(error)}`);
  console.log(id);
}
