import { Component, type ReactNode } from 'react'
import { crashTexts } from '../routes/trouble-texts.ts'

/** A fault in the page, or code that a new release has replaced: say so, and offer the way out. */
export class Crash extends Component<{ children: ReactNode }, { crashed: boolean }> {
  override state = { crashed: false }

  static getDerivedStateFromError() {
    return { crashed: true }
  }

  override render() {
    if (!this.state.crashed) return this.props.children
    return (
      <main className="mx-auto max-w-[26rem] px-5 py-[18vh]" role="alert">
        <h1 className="title">{crashTexts.title}</h1>
        <p className="mt-2 mb-6 text-ink-2">{crashTexts.lead}</p>
        <button type="button" className="btn btn-primary" onClick={() => location.reload()}>
          {crashTexts.reload}
        </button>
      </main>
    )
  }
}
