import { Link } from 'wouter'
import { VisitorFrame } from '../components/visitor-frame.tsx'
import { notFoundTexts } from './trouble-texts.ts'

export default function NotFound() {
  return (
    <VisitorFrame title={notFoundTexts.title} lead={notFoundTexts.lead}>
      <Link href="/tasks" className="btn btn-primary">
        {notFoundTexts.home}
      </Link>
    </VisitorFrame>
  )
}
