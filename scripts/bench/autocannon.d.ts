declare module 'autocannon' {
  type Request = { method?: string; path: string; headers?: Record<string, string> }
  type Result = { requests: { average: number; total: number }; latency: { p50: number; p99: number }; errors: number; non2xx: number; duration: number }
  export default function autocannon(options: { url: string; connections: number; duration: number; requests: Request[]; workers?: number }): Promise<Result>
}
