// Reads a feed on standard input and prints what podcast-partytime makes of it, as JSON.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(`${process.cwd()}/`);
const partytime = require("podcast-partytime");
process.stdout.write(JSON.stringify(partytime.parseFeed(readFileSync(0, "utf8"))));
