using Proxy.Core.Journal.Records;
using Proxy.Core.Masking;
using Proxy.Core.Policy;

namespace Proxy.Host.Evidence.Streaming;

/// <summary>Refusals, unknown outcomes and revocations warn; unmasked access and changes of the configuration are noticed; the rest informs.</summary>
internal static class StreamSeverities
{
    public static StreamSeverity Of(DecodedRecord record) => record switch
    {
        DecodedSignInRefused or DecodedRefused or DecodedAccessRevoked or DecodedClockStepped or DecodedOutcome { Status: OutcomeStatus.Unknown } => StreamSeverity.Warning,
        DecodedConfigurationChanged or DecodedCredentialIssued or DecodedPurged or DecodedContentErased => StreamSeverity.Notice,
        DecodedIntent { Verdict: Verdict.Allow, Profile: MaskProfile.Unmasked, Classes: not 0 } => StreamSeverity.Notice,
        _ => StreamSeverity.Informational,
    };
}
