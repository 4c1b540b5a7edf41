// What the employer says of itself where it is not simply "yes", and what the assessor makes of it. Both are by criterion of the standard.
type SelfAssessed = { answer: 'partly' | 'not_applicable'; explanation: string; reason: string }

export const selfAssessed: Record<string, SelfAssessed> = {
  'RE-07.3': { answer: 'partly', explanation: '時間外と休日の割増は支払っています。深夜割増の計算方法に不安があります。', reason: '' },
  'RE-08.2': { answer: 'partly', explanation: '入社時の安全教育はベトナム語で行っています。プレス機の手順書は翻訳が古いままです。', reason: '' },
  'RE-12.1': { answer: 'partly', explanation: '相談窓口を設けました。全員への説明はまだ終わっていません。', reason: '' },
  'RE-11.3': { answer: 'not_applicable', explanation: '', reason: '過去3年間に解雇・雇止めはありません。' },
}

export const askedBack = {
  criterion: 'RE-12.1',
  question: '説明がまだ終わっていないのはどなた方で、いつまでに終える予定ですか。',
  reply: '夜勤の2名がまだでした。11月10日にベトナム語で説明し、記録を残しました。',
}

export const wanting = [
  {
    criterion: 'RE-08.2', grade: 'minor', done: 'planned', // carried out by the next surveillance: an accepted plan is enough (decisions.md 2)
    statement: 'プレス機3号機の作業手順書のベトナム語版が旧版のままで、現在の安全装置の説明がない。',
    evidenceReference: '第一工場 3号機横の掲示、手順書 2022年版',
    cause: '安全装置を更新したとき、翻訳版の改訂を担当する人を決めていなかった。',
    correction: '3号機の運転は、改訂版ができるまで日本語版を読める班長の立会いの下で行う。',
    correctiveAction: '手順書の改訂と同時に翻訳を発注する手順を文書管理規程に加え、12月末までに全機の翻訳版を点検する。',
  },
  {
    criterion: 'RE-07.3', grade: 'major', done: 'done', // verified before issue (C11)
    statement: '9月の深夜労働について、2名分の割増賃金がそれぞれ3時間分不足している。',
    evidenceReference: '賃金台帳（9月分）とタイムカードの照合',
    cause: '給与計算の設定で、22時から23時が深夜の時間帯から外れていた。',
    correction: '2名に不足分を計算し直して11月分と合わせて支払った。',
    correctiveAction: '給与計算の設定を直し、毎月の給与確定前に、深夜の時間をタイムカードと突き合わせる確認表を使うことにした。',
  },
] as const

export type Wanting = (typeof wanting)[number]
