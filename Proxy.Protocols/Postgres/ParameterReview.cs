using System.Buffers;
using System.Buffers.Binary;
using Proxy.Core.Policy;
using Proxy.Core.Policy.MaskedValues;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.Postgres.Messages;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// Holds the parameters of a Bind against what the judgement says of them. Owned by the request relay. Without a token it allocates nothing; with
/// one, the parameters are written anew.
/// </summary>
internal sealed class ParameterReview
{
    private readonly ArrayBufferWriter<byte> _value = new();
    private readonly ArrayBufferWriter<byte> _rewritten = new();

    /// <summary>The parameters with values in the place of tokens; empty when the client's go on. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Rewritten => _rewritten.WrittenSpan;

    /// <summary>The refusal, or null when the Bind may go on.</summary>
    public Refusal? Review(ParameterGuard guard, in Bind bind)
    {
        Clear();
        var parameters = new BoundParameters(bind.Parameters);
        // Up to here the client's parameters are written, if any are.
        var copied = 0;
        var position = parameters.HeaderLength;
        while (parameters.MoveNext())
        {
            var next = position + sizeof(int) + parameters.Value.Length;
            if (!parameters.IsNull)
            {
                switch (guard.Judge(parameters.Number, parameters.IsBinary, parameters.Value, _value, out var refusal))
                {
                    case ParameterOutcome.Passed:
                        break;
                    case ParameterOutcome.Translated:
                        _rewritten.Write(bind.Parameters[copied..position]);
                        BinaryPrimitives.WriteInt32BigEndian(_rewritten.GetSpan(sizeof(int)), _value.WrittenCount);
                        _rewritten.Advance(sizeof(int));
                        _rewritten.Write(_value.WrittenSpan);
                        copied = next;
                        break;
                    default:
                        Clear();
                        return refusal ?? Refusals.InternalFault.Because("a parameter without a reason");
                }
                _value.Clear();
            }
            position = next;
        }
        if (copied > 0) _rewritten.Write(bind.Parameters[copied..]);
        return null;
    }

    /// <summary>The Bind as it goes on. Only the parameters differ from the one that came.</summary>
    public byte[] Message(in Bind bind)
    {
        var formats = bind.ResultFormats;
        return new MessageWriter().Begin(FrontendCode.Bind).CString(bind.Portal).CString(bind.Statement).Bytes(Rewritten)
            .Int16((short)(formats.Length / sizeof(short))).Bytes(formats).End().ToArray();
    }

    /// <summary>Real values do not stay in memory for longer than they are needed.</summary>
    public void Clear()
    {
        _value.Clear();
        _rewritten.Clear();
    }
}
