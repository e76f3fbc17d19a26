import type { Command } from "commander";

/** Markdown: the help of every command, in the order of the tree. */
export function commandsPage(program: Command): string;
/** A man page, by the macros of man(7). */
export function manPage(program: Command, version: string): string;
