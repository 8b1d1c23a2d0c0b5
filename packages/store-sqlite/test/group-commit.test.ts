import { GroupCommit } from '#src/group-commit.js';
import { expect } from 'chai';

/** Records commits and flushes in the order of their start; the test ends a flush. */
class RecordedDatabase {
  readonly happened: string[] = [];
  readonly flushes: { end: () => void; fail: (error: Error) => void }[] = [];

  transaction<T>(work: () => T): T {
    const result = work();
    this.happened.push('commit');
    return result;
  }

  flush(): Promise<void> {
    this.happened.push('flush');
    return new Promise((end, fail) => this.flushes.push({ end, fail }));
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('GroupCommit', () => {
  let database: RecordedDatabase;
  let commits: GroupCommit;

  beforeEach(() => {
    database = new RecordedDatabase();
    commits = new GroupCommit(database);
  });

  /** Writes that record their name when they are executed and when they are acknowledged. */
  function write(name: string, lasting: 'process' | 'soon' | 'power-cut'): Promise<number | void> {
    return commits
      .write(lasting, () => database.happened.push(name))
      .then(() => void database.happened.push(`${name} acknowledged`));
  }

  it('stores the writes of one turn in one commit, in their order', async () => {
    await Promise.all(['a', 'b', 'c'].map((name) => write(name, 'process')));
    expect(database.happened.slice(0, 4)).to.deep.equal(['a', 'b', 'c', 'commit']);
  });

  it('stores the writes of the next turn in the next commit', async () => {
    await write('a', 'process');
    await write('b', 'process');
    expect(database.happened).to.deep.equal(['a', 'commit', 'a acknowledged', 'b', 'commit', 'b acknowledged']);
  });

  it('acknowledges writes that must survive a power cut after the flush, and delays no other write', async () => {
    const both = Promise.all([write('hint', 'power-cut'), write('claim', 'process')]);
    await turn();
    await turn();
    expect(database.happened).to.deep.equal(['hint', 'claim', 'commit', 'flush', 'claim acknowledged']);
    database.flushes[0]?.end();
    await both;
    expect(database.happened.at(-1)).to.equal('hint acknowledged');
  });

  it('acknowledges other writes after their commit, and shares one requested flush', async () => {
    await write('task', 'soon');
    expect(database.happened).to.deep.equal(['task', 'commit', 'task acknowledged']);
    const flushed = commits.flush();
    expect(database.happened.at(-1)).to.equal('flush');
    database.flushes[0]?.end();
    await flushed;
  });

  it('stores a write without a waiting caller in the next commit', async () => {
    commits.writeLater(() => void database.happened.push('end'));
    await turn();
    expect(database.happened).to.deep.equal([]);
    await write('next', 'process');
    expect(database.happened).to.deep.equal(['end', 'next', 'commit', 'next acknowledged']);
    commits.close();
  });

  it('requests no flush if no write must survive a power cut', async () => {
    await write('claim', 'process');
    expect(database.flushes).to.have.length(0);
  });

  it('fails the writes that must survive a power cut if the flush fails', async () => {
    const failed = write('hint', 'power-cut').catch((error: unknown) => error);
    await turn();
    await turn();
    database.flushes[0]?.fail(new Error('the disk is gone'));
    expect(await failed).to.have.property('message', 'the disk is gone');
  });

  it('stores the other writes if one throws', async () => {
    const bad = commits.write('process', () => {
      throw new Error('this one');
    });
    const good = write('good', 'process');
    expect(await bad.catch((error: unknown) => error)).to.have.property('message', 'this one');
    await good;
    expect(database.happened.slice(-3)).to.deep.equal(['good', 'commit', 'good acknowledged']);
  });

  it('stores waiting work at once on request', () => {
    void write('a', 'process');
    commits.commit();
    expect(database.happened).to.deep.equal(['a', 'commit']);
  });
});
