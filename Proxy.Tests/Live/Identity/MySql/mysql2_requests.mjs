// mysql2: node mysql2_requests.mjs MODULES HOST PORT DATABASE USER PASSWORD CA MODE STATEMENT…
// MODE query sends one text after another, execute prepares each, together gives the driver all at once. Prints a line for each statement: its number, a tab,
// the first value or the error's number.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [modules, host, port, database, user, password, authority, mode, ...statements] = process.argv.slice(2);
const mysql = createRequire(modules + '/')('mysql2/promise');
const connection = await mysql.createConnection({ host, port: Number(port), database, user, password, ssl: { ca: readFileSync(authority) } });
connection.on('error', () => {});
const run = statement => mode === 'execute' ? connection.execute(statement) : connection.query(statement);
const outcome = promise => promise.then(([rows]) => Array.isArray(rows) ? Object.values(rows[0])[0] : rows.affectedRows, error => error.errno ?? error.code ?? error.message);
const outcomes = [];
if (mode === 'together') outcomes.push(...await Promise.all(statements.map(statement => outcome(run(statement)))));
else for (const statement of statements) outcomes.push(await outcome(run(statement)));
outcomes.forEach((value, number) => console.log(`${number}\t${value}`));
connection.destroy();
