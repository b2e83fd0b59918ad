// mysql2: node mysql2_change.mjs MODULES HOST PORT DATABASE USER PASSWORD CA; becomes somebody else on the same connection and prints one line a step.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [modules, host, port, database, user, password, authority] = process.argv.slice(2);
const mysql = createRequire(modules + '/')('mysql2/promise');
const connection = await mysql.createConnection({ host, port: Number(port), database, user, password, ssl: { ca: readFileSync(authority) }, multipleStatements: true });
await connection.query("set @mine = 'before'");
await connection.changeUser({ user: 'somebody_else', password, database });
console.log('changed', JSON.stringify((await connection.query('select @mine as mine, database() = ? as same', [database]))[0]));
console.log('several', JSON.stringify((await connection.query('select 1 as a; select 2 as b'))[0]));
await connection.query('select 1; selekt; select 2').catch(error => console.log('error', error.errno));
console.log('alive', JSON.stringify((await connection.query('select 3 as c'))[0]));
await connection.end();
console.log('closed');
