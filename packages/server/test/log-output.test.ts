import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const MODULE = new URL('../dist/observe/log-output.js', import.meta.url).href;

/** Runs a program with the log output as `output`, and returns what it printed and with how many chunks. */
async function run(program: string): Promise<{ readonly text: string; readonly chunks: number }> {
  const code = `import { logOutput } from ${JSON.stringify(MODULE)};\nconst output = logOutput();\n${program}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  await once(child, 'close');
  return { text: Buffer.concat(parts).toString(), chunks: parts.length };
}

describe('the output of the log', function () {
  this.timeout(60_000);

  it('writes the lines of one moment together, and later ones after them', async () => {
    const { text, chunks } = await run(`
      for (const n of [1, 2, 3]) output.write(n + '\\n');
      setTimeout(() => output.write('later\\n'), 500);
      setTimeout(() => {}, 1000);`);
    expect(text).to.equal('1\n2\n3\nlater\n');
    expect(chunks).to.equal(2);
  });

  it('writes waiting lines when the process ends by itself, by exit and by an error', async () => {
    expect((await run(`output.write('the last\\n');`)).text).to.equal('the last\n');
    expect((await run(`output.write('the last\\n'); process.exit(3);`)).text).to.equal('the last\n');
    const failed = `process.on('uncaughtException', () => process.exit(1)); output.write('the last\\n'); throw new Error('a bug');`;
    expect((await run(failed)).text).to.equal('the last\n');
  });

  it('writes many lines without a pause, in their order', async () => {
    const { text } = await run(`for (let n = 0; n < 20000; n++) output.write('line ' + n + '\\n');`);
    expect(text).to.equal(Array.from({ length: 20_000 }, (_, n) => `line ${n}\n`).join(''));
  });
});
