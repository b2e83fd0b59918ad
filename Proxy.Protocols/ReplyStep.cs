namespace Proxy.Protocols;

/// <summary>What a dialect made of received replies: bytes done with, and why the session ends, if it does.</summary>
/// <param name="Consumed">Bytes that need not be offered again.</param>
/// <param name="End">None while the session goes on.</param>
/// <param name="AwaitsCatalogue">The next reply is about something that is newer than the catalogue: it is to be offered again after a refresh.</param>
/// <param name="IsMidAnswer">What was sent ends among the rows of an answer: the server is about to send more without being asked for anything.</param>
public readonly record struct ReplyStep(int Consumed, SessionEnd End, bool AwaitsCatalogue = false, bool IsMidAnswer = false);
