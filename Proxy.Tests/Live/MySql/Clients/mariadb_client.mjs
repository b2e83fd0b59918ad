// mariadb: node mariadb_client.mjs MODULES HOST PORT DATABASE USER PASSWORD CA; prints one line a step.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [modules, host, port, database, user, password, authority] = process.argv.slice(2);
const mariadb = createRequire(modules + '/')('mariadb');
const connection = await mariadb.createConnection({ host, port: Number(port), database, user, password, ssl: { ca: readFileSync(authority) } });
console.log('query', JSON.stringify([...await connection.query("select 1 + 1 as n, 'größer' as w")], (_, value) => typeof value === 'bigint' ? Number(value) : value));
console.log('insert', (await connection.execute('insert into c (id, word) values (?, ?)', [1, "a 'quoted' word"])).affectedRows);
console.log('read', (await connection.execute('select word from c where id = ?', [1]))[0].word);
console.log('delete', (await connection.query('delete from c')).affectedRows);
await connection.query('selekt 1').catch(error => console.log('error', error.errno));
await connection.beginTransaction();
await connection.query("insert into c (id, word) values (2, 'gone')");
await connection.rollback();
console.log('rolled back', Number((await connection.query('select count(*) as n from c'))[0].n));
await connection.ping();
await connection.end();
console.log('closed');
