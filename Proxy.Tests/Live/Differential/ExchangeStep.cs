namespace Proxy.Tests.Live.Differential;

/// <param name="Line">In its file.</param>
/// <param name="Since">The first major version of PostgreSQL that the line is for.</param>
/// <param name="Until">The last one.</param>
/// <param name="Bytes">What to send.</param>
/// <param name="Text">The statement of <see cref="ExchangeAction.Other"/>, the types of the frames to receive, one character each, or the code of a refusal.</param>
public sealed record ExchangeStep(int Line, int Since, int Until, ExchangeAction Action, byte[] Bytes, string Text);
