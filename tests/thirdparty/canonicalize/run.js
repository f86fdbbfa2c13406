// Reads a JSON document a line and writes each in the form that the package canonicalize (RFC 8785) gives it.
const canonicalize = require("canonicalize");
const lines = require("fs").readFileSync(0, "utf8").split("\n").filter((line) => line);
process.stdout.write(lines.map((line) => canonicalize(JSON.parse(line)) + "\n").join(""));
