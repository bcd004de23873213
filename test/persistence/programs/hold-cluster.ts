// Uses the embedded cluster in the directory of its first argument until SIGINT. Says "starting", then "started" or "joined", then "stopped".
import { startEmbeddedPostgres } from '../../../src/persistence/embedded-postgres.ts';

const dataDir = process.argv[2] ?? '';
console.log('starting');
const postgres = await startEmbeddedPostgres({ dataDir });
await postgres.ensureDatabase('orderflow');
console.log(postgres.owned ? 'started' : 'joined');
process.once('SIGINT', () => void postgres.stop().then(() => process.exit()));
setInterval(() => undefined, 1_000);
