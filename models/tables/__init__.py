"""The tables that exist, typed, with what must always hold of them. docs/schema.md draws these and those to come.

Two rules. What people make (corrections, comments, clips) references recordings and never runs, so that no new
run and no deleted one can touch it. Times are seconds since 1970 in UTC, by the database's own clock.
"""

from models.tables.accounts import FlowRow as FlowRow
from models.tables.accounts import IdentityRow as IdentityRow
from models.tables.accounts import LinkRow as LinkRow
from models.tables.accounts import MembershipRow as MembershipRow
from models.tables.accounts import PasswordRow as PasswordRow
from models.tables.accounts import PersonRow as PersonRow
from models.tables.accounts import SchoolRow as SchoolRow
from models.tables.accounts import SessionRow as SessionRow
from models.tables.accounts import TryRow as TryRow
from models.tables.audit import AuditRow as AuditRow
from models.tables.audit import ErasureRow as ErasureRow
from models.tables.audit import PseudonymRow as PseudonymRow
from models.tables.codebooks import CodebookRow as CodebookRow
from models.tables.codebooks import CodebookVersionRow as CodebookVersionRow
from models.tables.codebooks import CoderRow as CoderRow
from models.tables.codebooks import CodingRoundRow as CodingRoundRow
from models.tables.cycles import ActionStepRow as ActionStepRow
from models.tables.cycles import CoachingRow as CoachingRow
from models.tables.cycles import ConferenceRow as ConferenceRow
from models.tables.cycles import CycleLessonRow as CycleLessonRow
from models.tables.cycles import CycleMoveRow as CycleMoveRow
from models.tables.cycles import CycleNotesRow as CycleNotesRow
from models.tables.cycles import CycleRow as CycleRow
from models.tables.cycles import ReflectionRow as ReflectionRow
from models.tables.lessons import AnswersRow as AnswersRow
from models.tables.lessons import ClassPeriodRow as ClassPeriodRow
from models.tables.lessons import ClipRow as ClipRow
from models.tables.lessons import CommentLabelRow as CommentLabelRow
from models.tables.lessons import CommentRow as CommentRow
from models.tables.lessons import CorrectionRow as CorrectionRow
from models.tables.lessons import FileRow as FileRow
from models.tables.lessons import GrantRow as GrantRow
from models.tables.lessons import ReceiptRow as ReceiptRow
from models.tables.lessons import RecordingRow as RecordingRow
from models.tables.lessons import TagRow as TagRow
from models.tables.lessons import ViewRow as ViewRow
from models.tables.notifications import NotificationRow as NotificationRow
from models.tables.notifications import PreferenceRow as PreferenceRow
from models.tables.progress import CommentTemplateRow as CommentTemplateRow
from models.tables.progress import KeptWordsRow as KeptWordsRow
from models.tables.progress import ProgressReaderRow as ProgressReaderRow
from models.tables.review import CalibrationRow as CalibrationRow
from models.tables.review import ClipGrantRow as ClipGrantRow
from models.tables.review import HandoutRow as HandoutRow
from models.tables.review import PredictionRow as PredictionRow
from models.tables.runs import LONGEST_WORKER as LONGEST_WORKER
from models.tables.runs import MeasureRow as MeasureRow
from models.tables.runs import RunRow as RunRow
from models.tables.runs import SpeakerRow as SpeakerRow
from models.tables.runs import StageRow as StageRow
from models.tables.runs import UtteranceRow as UtteranceRow
from models.tables.runs import WorkerRow as WorkerRow
from models.tables.runs import WorkState as WorkState
from models.tables.uploads import TicketRow as TicketRow
from models.tables.uploads import UploadFileRow as UploadFileRow
from models.tables.uploads import UploadRow as UploadRow
from models.types import Base as Base
