using Proxy.Core.Policy;

namespace Proxy.Host.Configuration.Classification;

/// <summary>One part of a dotted name. A quoted part is never a pattern.</summary>
internal sealed record DottedNamePart(string Text, bool IsQuoted)
{
    public TextPattern AsPattern => IsQuoted ? TextPattern.Exactly(Text) : new TextPattern(Text);
}
