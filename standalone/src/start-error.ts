/** A fault that whoever starts Latchkey can mend: said in its message's one line, without a stack. */
export class StartError extends Error {}
