// How a member of a buyer hears of a change: at once, in one mail a day, or only on the page, by webhook and calendar.
export const alertModes = ['at_once', 'daily', 'never'] as const
export type AlertMode = (typeof alertModes)[number]
