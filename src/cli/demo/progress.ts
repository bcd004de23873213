import type { WriteStream } from 'node:tty';

/** Shows how far the stories are. */
export interface Progress {
  /** What a story does at this moment. */
  step(story: string, what: string): void;
  end(story: string, ok: boolean, what: string): void;
  /** Something that holds up every story; undefined: it is over. */
  waiting(why: string | undefined): void;
}

const frames = ['|', '/', '-', '\\'];

/** One line for each story that is rewritten on a terminal; elsewhere (a file, a pipe) a line for each step. */
export function createProgress(out: WriteStream | NodeJS.WriteStream, stories: readonly string[]): Progress {
  const width = Math.max(...stories.map((story) => story.length));
  return out.isTTY ? liveProgress(out, stories, width) : plainProgress(out, width);
}

function plainProgress(out: NodeJS.WritableStream, width: number): Progress {
  let waitsFor: string | undefined;
  return {
    step: (story, what) => void out.write(`  ${story.padEnd(width)}  ${what}\n`),
    end: (story, ok, what) => void out.write(`  ${story.padEnd(width)}  ${ok ? 'done' : 'FAILED'}: ${what}\n`),
    waiting: (why) => {
      if (why !== undefined && waitsFor === undefined) out.write(`  waiting: ${why}\n`);
      if (why === undefined && waitsFor !== undefined) out.write('  going on\n');
      waitsFor = why;
    },
  };
}

function liveProgress(out: NodeJS.WriteStream, stories: readonly string[], width: number): Progress {
  const lines = new Map(stories.map((story) => [story, { mark: '', what: 'begins' }]));
  let waitsFor: string | undefined;
  let frame = 0;
  let drawn = 0;

  function draw(): void {
    const columns = (out.columns ?? 80) - 1;
    const busy = frames[frame++ % frames.length] ?? '';
    const texts = [...lines].map(([story, { mark, what }]) => `  ${mark || busy} ${story.padEnd(width)}  ${what}`);
    const all = [...texts, waitsFor === undefined ? '' : `  waiting: ${waitsFor}`];
    const up = drawn === 0 ? '' : `\x1b[${drawn}A`;
    out.write(up + all.map((text) => `\x1b[2K${text.slice(0, columns)}\n`).join(''));
    drawn = all.length;
  }

  const ticking = setInterval(draw, 120);
  draw();
  return {
    step: (story, what) => void lines.set(story, { mark: '', what }),
    end: (story, ok, what) => {
      lines.set(story, { mark: ok ? '+' : 'x', what });
      if ([...lines.values()].some(({ mark }) => mark === '')) return;
      clearInterval(ticking);
      waitsFor = undefined;
      draw();
    },
    waiting: (why) => void (waitsFor = why),
  };
}
