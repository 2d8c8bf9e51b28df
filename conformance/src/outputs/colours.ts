type Paint = (text: string) => string

export function createColours(on: boolean): Record<'red' | 'green' | 'yellow' | 'dim' | 'bold', Paint> {
  const paint = (code: number, end: number): Paint =>
    on ? text => `\x1b[${code}m${text}\x1b[${end}m` : text => text
  return {
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    dim: paint(2, 22),
    bold: paint(1, 22),
  }
}
