// Loaded into a gateway whose memory is measured (node --expose-gc --import): SIGUSR2 collects its garbage.
process.on('SIGUSR2', () => {
  // The second run takes what the first one's finalizers have let go.
  for (let run = 0; run < 2; run++) globalThis.gc?.()
})
