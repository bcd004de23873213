import { expect } from 'chai';
import { exists, matches, read, scripts, settingsOf } from './papers.ts';

// No container engine is asked: what is checked is that the files speak of things that exist.
describe('papers: the container files', () => {
  const dockerfile = read('Dockerfile');
  const compose = read('docker-compose.yml');
  const copied = [...dockerfile.matchAll(/^COPY (.+)$/gm)].flatMap(([, words = '']) => words.split(' ').slice(0, -1));
  const known = [...settingsOf('src/config.ts'), ...settingsOf('src/sandbox/config.ts')];

  it('every path that is copied exists, and .dockerignore lets it through and nothing else', () => {
    expect(copied).to.include('src');
    expect(copied.filter((file) => !exists(file))).to.deep.equal([]);
    expect(matches(read('.dockerignore'), /^!(.+)$/gm).sort()).to.deep.equal([...copied].sort());
    expect(read('.dockerignore')).to.match(/^\*$/m);
  });

  it('everything that the service reads when it runs is copied', () => {
    const wanted = ['package.json', 'package-lock.json', 'tsconfig.json', 'src', 'migrations', 'processes', 'bin'];
    expect(copied).to.include.members(wanted);
  });

  it('the image runs what npm start runs, as a user who is not root', () => {
    const command = JSON.parse(matches(dockerfile, /^CMD (\[.+\])$/gm)[0] ?? '[]') as string[];
    expect(command.join(' ')).to.equal(scripts['start']);
    expect(dockerfile).to.match(/^USER node$/m);
    expect(dockerfile.lastIndexOf('USER node')).to.be.greaterThan(dockerfile.lastIndexOf('\nRUN '));
  });

  it('what runs without development dependencies needs none of them', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    expect(Object.keys(dependencies)).to.include('tsx');
    expect(dockerfile).to.include('npm ci --omit=dev');
    expect(dockerfile).not.to.match(/npm ci.*--omit=optional/);
  });

  it('its base has the Node that package.json asks for', () => {
    const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
    const [major] = matches(dockerfile, /^FROM node:(\d+)-/gm);
    expect(engines.node).to.match(new RegExp(`^>=${major}\\b`));
  });

  it('health is asked for where the service answers it', () => {
    const paths = matches(dockerfile + compose, /http:\/\/[^/]+(\/health[\w/]*)/g);
    expect(paths).to.have.members(['/health/live', '/health']);
    expect(read('src/http/routes/service.ts')).to.include(`path: '/health/live'`);
    expect(read('src/sandbox/routes.ts')).to.include(`read('/health'`);
  });

  it('every setting is one that the service or the sandbox reads', () => {
    const ofPostgres = ['POSTGRES_USER', 'POSTGRES_PASSWORD', 'POSTGRES_DB'];
    const inImage = matches(dockerfile, /^ENV (.+)$/gm).flatMap((line) => matches(line, /([A-Z_]+)=/g));
    const inCompose = matches(compose, /^ +([A-Z][A-Z_]+): /gm);
    expect(inCompose).to.include('DATABASE_URL');
    expect([...inImage, ...inCompose].filter((name) => ![...known, ...ofPostgres].includes(name))).to.deep.equal([]);
  });

  it('the services point at each other', () => {
    const services = matches(compose.slice(compose.indexOf('\nservices:'), compose.indexOf('\nvolumes:')), /^ {2}([a-z]+):$/gm);
    const hosts = matches(compose, /:\/\/(?:[^@\s]+@)?([a-z]+):\d+/g);
    expect(services).to.include.members(['api', 'worker', 'sandbox', 'postgres', 'redis']);
    expect(hosts.filter((host) => !services.includes(host))).to.deep.equal([]);
  });

  it('Redis may not evict, and the demo is bound to this machine', () => {
    expect(compose).to.match(/'--maxmemory-policy', 'noeviction'/);
    expect(matches(compose, /^ +- (\S+:\d+:\d+)$/gm)).to.deep.equal(['127.0.0.1:3000:3000']);
  });

  it('the modules that the commands start exist', () => {
    const files = matches(dockerfile + compose, /['"](src\/[\w/.-]+\.ts)['"]/g);
    expect(files).to.include('src/sandbox/main.ts');
    expect(files.filter((file) => !exists(file))).to.deep.equal([]);
  });
});
