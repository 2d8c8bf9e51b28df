import { Link } from 'wouter'
import { VisitorFrame } from '../components/visitor-frame.tsx'
import { texts } from '../texts.ts'

export function NotFound() {
  return (
    <VisitorFrame title={texts.notFound.title} lead={texts.notFound.lead}>
      <Link href="/tasks" className="btn btn-primary">
        {texts.notFound.home}
      </Link>
    </VisitorFrame>
  )
}
