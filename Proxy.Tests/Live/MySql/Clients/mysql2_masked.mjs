// mysql2: node mysql2_masked.mjs MODULES HOST PORT DATABASE USER PASSWORD CA; prints protocol, row, column, type and value of every column of table m.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [modules, host, port, database, user, password, authority] = process.argv.slice(2);
const mysql = createRequire(modules + '/')('mysql2/promise');
const connection = await mysql.createConnection({ host, port: Number(port), database, user, password, ssl: { ca: readFileSync(authority) } });
const typeOf = value => value === null ? 'null' : typeof value === 'object' ? value.constructor.name : typeof value;
for (const protocol of ['query', 'execute'])
  for (const row of (await connection[protocol]('select * from m where id > ? order by id', [0]))[0])
    for (const [column, value] of Object.entries(row))
      console.log([protocol, row.id, column, typeOf(value), Buffer.isBuffer(value) ? value.toString('latin1') : JSON.stringify(value)].join('\t'));
await connection.end();
console.log('closed');
