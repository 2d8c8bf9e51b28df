/** Says something to people who listen to the page instead of looking at it. */
let region: HTMLElement | null = null

export function announce(text: string) {
  if (!region?.isConnected) {
    region = document.createElement('div')
    region.className = 'sr-only'
    region.setAttribute('role', 'status')
    document.body.append(region)
  }
  region.textContent = text
}
