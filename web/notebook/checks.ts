/** What is looked at, as data: each line is yes or no, and the numbers are counted. RE-09.2 ways out and fire, RE-09.1 sanitation. */
export const checks = {
  fire_exit: { yesNo: ['two_ways_out', 'exits_unlocked', 'exits_clear', 'signs_lit', 'alarm_works', 'extinguishers_in_date', 'stairs_clear', 'drill_held'], counted: ['exits', 'extinguishers'] },
  sanitation: { yesNo: ['toilets_clean', 'hot_water', 'bath_works', 'drinking_water', 'kitchen_clean', 'bedding_own', 'heating_works', 'sexes_apart'], counted: ['toilets', 'showers', 'wash_basins'] },
} as const
export type CheckName = keyof typeof checks
export const checkNames = Object.keys(checks) as CheckName[]
export const isCheck = (name: string): name is CheckName => name in checks
