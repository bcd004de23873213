import { pino, type Logger } from 'pino';

export type { Logger } from 'pino';

/** The process's own log: JSON lines on standard error, so that standard output stays for what a person or a program asked for. */
export const createLogger = (level: string): Logger => pino({ level, base: { pid: process.pid } }, pino.destination(2));
