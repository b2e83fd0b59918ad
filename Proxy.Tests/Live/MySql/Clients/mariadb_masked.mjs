// mariadb: node mariadb_masked.mjs MODULES HOST PORT DATABASE USER PASSWORD CA; prints protocol, row, column, type and value of every column of table m.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [modules, host, port, database, user, password, authority] = process.argv.slice(2);
const mariadb = createRequire(modules + '/')('mariadb');
const connection = await mariadb.createConnection({ host, port: Number(port), database, user, password, ssl: { ca: readFileSync(authority) } });
const typeOf = value => value === null ? 'null' : typeof value === 'object' ? value.constructor.name : typeof value;
const textOf = value => Buffer.isBuffer(value) ? value.toString('latin1') : typeof value === 'bigint' ? value.toString() : JSON.stringify(value);
for (const protocol of ['query', 'execute'])
  for (const row of await connection[protocol]('select * from m where id > ? order by id', [0]))
    for (const [column, value] of Object.entries(row))
      console.log([protocol, row.id, column, typeOf(value), textOf(value)].join('\t'));
await connection.end();
console.log('closed');
