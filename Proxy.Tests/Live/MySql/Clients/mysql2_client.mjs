// mysql2: node mysql2_client.mjs MODULES HOST PORT DATABASE USER PASSWORD CA; prints one line a step.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [modules, host, port, database, user, password, authority] = process.argv.slice(2);
const mysql = createRequire(modules + '/')('mysql2/promise');
const connection = await mysql.createConnection({ host, port: Number(port), database, user, password, ssl: { ca: readFileSync(authority) } });
console.log('query', JSON.stringify((await connection.query("select 1 + 1 as n, 'größer' as w"))[0]));
console.log('insert', (await connection.execute('insert into c (id, word) values (?, ?)', [1, "a 'quoted' word"]))[0].affectedRows);
console.log('read', (await connection.execute('select word from c where id = ?', [1]))[0][0].word);
console.log('delete', (await connection.query('delete from c'))[0].affectedRows);
await connection.query('selekt 1').catch(error => console.log('error', error.errno));
await connection.beginTransaction();
await connection.query("insert into c (id, word) values (2, 'gone')");
await connection.rollback();
console.log('rolled back', (await connection.query('select count(*) as n from c'))[0][0].n);
await connection.ping();
await connection.end();
console.log('closed');
