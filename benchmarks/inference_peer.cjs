// json-rules-engine as a child of inference_node_drools.py: one line of JSON in, one out.
// {rules} builds the engine, {case} fires one, {keep} stores cases, {time} works
// through the stored cases and answers with the microseconds that one took.
"use strict";
const readline = require("readline");
const { Engine } = require("json-rules-engine");
const { version } = require("json-rules-engine/package.json");

let engine = null;
let kept = [];

function build(rules) {
  engine = new Engine([], { allowUndefinedFacts: true });
  for (const rule of rules) {
    engine.addRule({
      conditions: rule.conditions,
      priority: rule.priority,
      event: { type: rule.id },
    });
  }
  engine.on("success", (event, almanac) => almanac.addFact(event.type, true));
}

async function fire(facts) {
  const { events } = await engine.run(facts);
  return events.map((event) => event.type);
}

async function time() {
  const started = process.hrtime.bigint();
  for (const facts of kept) await fire(facts);
  return Number(process.hrtime.bigint() - started) / 1000 / kept.length;
}

async function answer(said) {
  if (said.rules) {
    build(said.rules);
    return { version };
  }
  if (said.keep) {
    kept = said.keep;
    return { kept: kept.length };
  }
  if (said.time) return { microseconds: await time() };
  return { fired: await fire(said.case) };
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(JSON.stringify(await answer(JSON.parse(line))) + "\n");
  }
}

main();
