declare module '@digitalbazaar/vc-bitstring-status-list' {
  /** The list behind the `encodedList` of a status list credential. */
  export function decodeList(list: { encodedList: string }): Promise<{ length: number; getStatus(index: number): boolean }>
}
